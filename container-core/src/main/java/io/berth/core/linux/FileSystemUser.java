// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.Syscall.attempt;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs an action with another user's eyes on the filesystem and all capabilities: an overlay mounted by any other thread over
 * idmapped layers is silently read-only.
 */
public final class FileSystemUser {
    private FileSystemUser() {}

    /**
     * Runs an action on a platform thread of its own, since credentials belong to a thread; that thread's fsuid and fsgid are {@code
     * id}.
     *
     * @throws SyscallException from the action, as is; other checked exceptions are wrapped
     */
    public static <T> T asFileSystemUser(int id, Callable<T> action) {
        var task = new FutureTask<T>(() -> {
            become(id);
            return action.call();
        });
        Thread.ofPlatform().name("fsuid-" + id).start(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true; // the action goes on in any case, so wait for it
                } catch (ExecutionException e) {
                    throw unwrapped(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void become(int id) {
        // without this bit, a change of fsuid from 0 clears the file capabilities: capabilities(7)
        ProcessCalls.prctl(Prctl.PR_SET_SECUREBITS, SecureBit.SECBIT_NO_SETUID_FIXUP);
        // both return the former id and no error: asking again with an invalid one tells what holds, setfsuid(2)
        attempt(Sys.SETFSGID, id);
        attempt(Sys.SETFSUID, id);
        if (attempt(Sys.SETFSGID, -1) != id || attempt(Sys.SETFSUID, -1) != id) {
            throw new SyscallException("setfsuid(" + id + ")", Errno.EPERM);
        }
    }

    private static RuntimeException unwrapped(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(cause);
    }
}
