// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cgroup;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.SyscallException;
import java.nio.file.Path;

/**
 * One step of making a cgroup. Paths are safe: cgroupfs has no symbolic links, and the steps end where the container's own part begins.
 */
public sealed interface CgroupStep {
    String describe();

    void execute();

    /** An existing directory is as good. */
    record MakeDirectory(Path directory) implements CgroupStep {
        private static final int MODE = 0755;

        @Override
        public String describe() {
            return "mkdir " + directory;
        }

        @Override
        public void execute() {
            try {
                FileCalls.mkdirat(Fd.AT_FDCWD, directory.toString(), MODE);
            } catch (SyscallException e) {
                if (e.errno() != Errno.EEXIST) {
                    throw e;
                }
            }
        }
    }

    /** One value into a control file. */
    record Write(Path file, String value) implements CgroupStep {
        @Override
        public String describe() {
            return "write '" + value + "' to " + file;
        }

        @Override
        public void execute() {
            FileCalls.writeFile(Fd.AT_FDCWD, file.toString(), value);
        }
    }

    /** As {@link Write}, to a file that not every kernel has. */
    record WriteIfPresent(Path file, String value) implements CgroupStep {
        @Override
        public String describe() {
            return "write '" + value + "' to " + file + ", if it exists";
        }

        @Override
        public void execute() {
            ignoringAbsence(() -> FileCalls.writeFile(Fd.AT_FDCWD, file.toString(), value));
        }
    }

    /** Gives the directory or file to a uid and the gid of the same number; what doesn't exist is ignored. */
    record Delegate(Path path, int uid) implements CgroupStep {
        @Override
        public String describe() {
            return "chown " + path + " to " + Integer.toUnsignedString(uid);
        }

        @Override
        public void execute() {
            ignoringAbsence(() -> FileCalls.fchownat(Fd.AT_FDCWD, path.toString(), uid, uid));
        }
    }

    private static void ignoringAbsence(Runnable step) {
        try {
            step.run();
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }
}
