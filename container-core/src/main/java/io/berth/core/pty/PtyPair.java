// SPDX-License-Identifier: Apache-2.0
package io.berth.core.pty;

import static io.berth.core.linux.OpenFlag.O_CLOEXEC;
import static io.berth.core.linux.OpenFlag.O_NOCTTY;
import static io.berth.core.linux.OpenFlag.O_NOFOLLOW;
import static io.berth.core.linux.OpenFlag.O_RDWR;
import static io.berth.core.linux.ResolveFlag.RESOLVE_BENEATH;
import static io.berth.core.linux.ResolveFlag.RESOLVE_NO_MAGICLINKS;
import static io.berth.core.linux.ResolveFlag.RESOLVE_NO_SYMLINKS;
import static io.berth.core.linux.ResolveFlag.RESOLVE_NO_XDEV;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FilesystemMagic;
import io.berth.core.linux.Flags;
import io.berth.core.linux.Ioctl;
import io.berth.core.linux.SyscallException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A pseudo-terminal, see pty(7).
 *
 * @param number its name in devpts
 */
public record PtyPair(Fd master, Fd slave, int number) implements AutoCloseable {
    private static final int SLAVE_MODE = 0620; // as grantpt(3) leaves it: the tty group may write

    /**
     * A new one in a container's devpts. Nothing there is trusted: container root may have mounted whatever it likes, so the
     * directory must be devpts itself, and ptmx must be on it rather than mounted over it (a FIFO would block the opener).
     *
     * @param devpts the container's /dev/pts
     * @param uid the slave's owner, as the host counts
     * @param gid the slave's group, as the host counts
     * @throws SyscallException ENODEV when the directory is no devpts, EXDEV when something is mounted on its ptmx
     */
    public static PtyPair open(Fd devpts, WindowSize size, int uid, int gid) {
        requireDevpts(devpts);
        Fd master = FileCalls.openat2(
                devpts,
                "ptmx",
                0,
                Flags.of(O_RDWR, O_NOCTTY, O_NOFOLLOW),
                RESOLVE_BENEATH,
                RESOLVE_NO_XDEV,
                RESOLVE_NO_SYMLINKS,
                RESOLVE_NO_MAGICLINKS);
        try {
            FileCalls.ioctl(master, Ioctl.TIOCSPTLCK, new byte[Integer.BYTES]);
            int number = number(master);
            // by ioctl and not by the path pts/N: the path could be something else by now
            Flags flags = Flags.of(O_RDWR, O_NOCTTY, O_CLOEXEC);
            Fd slave = Fd.adopt(FileCalls.ioctl(master, Ioctl.TIOCGPTPEER, flags.bits()), "pts/" + number);
            return owned(new PtyPair(master, slave, number), size, uid, gid);
        } catch (RuntimeException e) {
            master.close();
            throw e;
        }
    }

    private static void requireDevpts(Fd devpts) {
        if (!FileCalls.fstatfs(devpts).is(FilesystemMagic.DEVPTS_SUPER_MAGIC)) {
            throw new SyscallException(
                    "fstatfs(" + devpts + ")",
                    Errno.ENODEV,
                    "it is no devpts; inside the container, unmount what covers /dev/pts or restart it");
        }
    }

    private static int number(Fd master) {
        byte[] number = new byte[Integer.BYTES];
        FileCalls.ioctl(master, Ioctl.TIOCGPTN, number);
        return ByteBuffer.wrap(number).order(ByteOrder.nativeOrder()).getInt();
    }

    private static PtyPair owned(PtyPair pair, WindowSize size, int uid, int gid) {
        try {
            FileCalls.fchown(pair.slave, uid, gid);
            FileCalls.fchmod(pair.slave, SLAVE_MODE);
            size.set(pair.master);
            return pair;
        } catch (RuntimeException e) {
            pair.slave.close();
            throw e;
        }
    }

    @Override
    public void close() {
        slave.close();
        master.close();
    }
}
