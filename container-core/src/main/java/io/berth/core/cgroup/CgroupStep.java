// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cgroup;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.SyscallException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

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

    /**
     * A cpuset of v1 holds no process before it has processors and memory nodes: it gets its parent's, and so does whatever is made in
     * it (cgroup.clone_children). See Documentation/admin-guide/cgroup-v1/cpusets.rst.
     */
    record InheritCpuset(Path directory) implements CgroupStep {
        @Override
        public String describe() {
            return "let " + directory + " have its parent's processors and memory nodes";
        }

        @Override
        public void execute() {
            Path done = directory.resolve("cgroup.clone_children");
            if (read(done).equals("1")) {
                return;
            }
            for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
                String inherited = read(directory.resolveSibling(file));
                FileCalls.writeFile(Fd.AT_FDCWD, directory.resolve(file).toString(), inherited);
            }
            FileCalls.writeFile(Fd.AT_FDCWD, done.toString(), "1");
        }

        private static String read(Path file) {
            try (Fd fd = FileCalls.openat(file.toString(), OpenFlag.O_RDONLY)) {
                return new String(FileCalls.readAll(fd), StandardCharsets.US_ASCII).strip();
            }
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
