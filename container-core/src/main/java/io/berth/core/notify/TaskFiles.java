// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.SyscallException;
import org.jspecify.annotations.Nullable;

/**
 * A thread's files in /proc. They are the thread's and not its number's: once it is gone, each of them says so (ESRCH, ENOENT) and
 * none tells of whoever has its number then.
 */
final class TaskFiles implements AutoCloseable {
    private static final int STATUS_BYTES = 8192; // about 1500 are usual; groups can make it longer

    private final int tid;
    private final Fd directory;
    private String userNamespace = "";
    private @Nullable Fd status;

    private TaskFiles(int tid) {
        this.tid = tid;
        this.directory = FileCalls.openat("/proc/" + tid, OpenFlag.O_PATH, OpenFlag.O_DIRECTORY);
    }

    /** @throws SyscallException when there is none */
    static TaskFiles open(int tid) {
        var files = new TaskFiles(tid);
        try {
            files.look();
            return files;
        } catch (RuntimeException e) {
            files.close();
            throw e;
        }
    }

    int tid() {
        return tid;
    }

    Fd directory() {
        return directory;
    }

    /** Whether the thread is still there; if so, its number is its own and its user namespace known anew. */
    boolean isAlive() {
        try {
            look();
            return true;
        } catch (SyscallException e) {
            return false; // of whatever kind: they are opened anew then, which says more
        }
    }

    private void look() {
        userNamespace = FileCalls.readlinkat(directory, "ns/user");
    }

    /** As of the last look, such as {@code user:[4026531837]}. */
    String userNamespace() {
        return userNamespace;
    }

    /** As it is now. */
    String status() {
        Fd file = status;
        if (file == null) {
            file = FileCalls.openat(directory, "status", OpenFlag.O_RDONLY);
            status = file;
        }
        return new String(FileCalls.pread(file, 0, STATUS_BYTES), ISO_8859_1);
    }

    @Override
    public void close() {
        directory.close();
        if (status != null) {
            status.close();
        }
    }
}
