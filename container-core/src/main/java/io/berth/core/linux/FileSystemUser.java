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
    private static final long CAP_SYS_RESOURCE = 1L << 24; // include/uapi/linux/capability.h

    private FileSystemUser() {}

    /**
     * Runs an action on a platform thread of its own, since credentials belong to a thread; that thread's fsuid and fsgid are {@code
     * id}.
     *
     * @throws SyscallException from the action, as is; other checked exceptions are wrapped
     */
    public static <T> T asFileSystemUser(int id, Callable<T> action) {
        return onThread("fsuid-" + id, () -> {
            become(id);
            return action.call();
        });
    }

    /** The same with the caller's eyes and without CAP_SYS_RESOURCE, whose holder no quota stops. */
    public static <T> T heldToQuotas(Callable<T> action) {
        return onThread("held-to-quotas", () -> {
            long permitted = ThreadCredentials.permitted();
            ThreadCredentials.setCapabilities(permitted & ~CAP_SYS_RESOURCE, permitted);
            return action.call();
        });
    }

    private static <T> T onThread(String name, Callable<T> action) {
        var task = new FutureTask<T>(action);
        Thread.ofPlatform().name(name).start(task);
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
