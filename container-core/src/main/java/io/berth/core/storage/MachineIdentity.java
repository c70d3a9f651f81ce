// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FileType;
import io.berth.core.linux.Flags;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.ResolveFlag;
import io.berth.core.linux.SyscallException;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a copy must not share with its original: /etc/machine-id, of which DHCP leases, journals and more go by. systemd writes a new one
 * where the file is empty, see machine-id(5).
 */
final class MachineIdentity {
    private static final String FILE = "etc/machine-id";
    /** A tenant made something else of it, or it isn't there: then nobody reads it as an identity. */
    private static final Set<Errno> NONE = EnumSet.of(
            Errno.ENOENT,
            Errno.ENOTDIR,
            Errno.ELOOP,
            Errno.EXDEV,
            Errno.EISDIR,
            Errno.ENXIO,
            Errno.EACCES,
            Errno.ENODEV);

    private MachineIdentity() {}

    /**
     * Forgets it, through no link and in no other tree.
     *
     * @param files of a container that nobody runs yet
     */
    static void forget(Fd files) {
        try (Fd file = FileCalls.openat2(
                files,
                FILE,
                0,
                Flags.of(OpenFlag.O_WRONLY, OpenFlag.O_NOFOLLOW, OpenFlag.O_NONBLOCK),
                ResolveFlag.RESOLVE_BENEATH,
                ResolveFlag.RESOLVE_NO_SYMLINKS,
                ResolveFlag.RESOLVE_NO_XDEV)) {
            if (FileCalls.fstat(file).is(FileType.S_IFREG)) {
                FileCalls.ftruncate(file, 0);
            }
        } catch (SyscallException e) {
            if (!NONE.contains(e.errno())) {
                throw e;
            }
        }
    }
}
