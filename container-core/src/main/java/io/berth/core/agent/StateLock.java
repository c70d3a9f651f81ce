// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import static io.berth.core.linux.LockOperation.LOCK_EX;
import static io.berth.core.linux.LockOperation.LOCK_NB;
import static io.berth.core.linux.OpenFlag.O_CREAT;
import static io.berth.core.linux.OpenFlag.O_NOFOLLOW;
import static io.berth.core.linux.OpenFlag.O_RDWR;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.SyscallException;
import java.nio.file.Path;

/** One agent a state directory, by flock(2): the kernel lets go of it whatever way its holder ends. */
final class StateLock implements AutoCloseable {
    private final Fd file;

    private StateLock(Fd file) {
        this.file = file;
    }

    /** @throws StartException when another agent holds it */
    static StateLock take(Path path) {
        Fd file = FileCalls.openat(Fd.AT_FDCWD, path.toString(), 0600, O_RDWR, O_CREAT, O_NOFOLLOW);
        try {
            FileCalls.flock(file, LOCK_EX, LOCK_NB);
            return new StateLock(file);
        } catch (SyscallException e) {
            file.close();
            if (e.errno() == Errno.EAGAIN) {
                throw new StartException("another agent already runs on this state (" + path
                        + " is locked); stop it with ./berth down, or set BERTH_STATE_DIR to another directory");
            }
            throw e;
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
