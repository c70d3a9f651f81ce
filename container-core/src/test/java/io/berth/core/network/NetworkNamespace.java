// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.ProcessCalls;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A network namespace without a process, for tests; it goes with its last descriptor, whatever becomes of the test. */
final class NetworkNamespace implements AutoCloseable {
    private final Fd fd;

    NetworkNamespace() throws Exception {
        fd = onThread(() -> {
            ProcessCalls.unshare(CloneFlag.CLONE_NEWNET);
            return FileCalls.openat("/proc/thread-self/ns/net", OpenFlag.O_RDONLY);
        });
        run("ip", "link", "set", "lo", "up");
    }

    Fd fd() {
        return fd;
    }

    /** What the action makes, sockets and processes and threads included, is in this namespace. */
    <T> T in(Callable<T> action) throws Exception {
        return onThread(() -> {
            ProcessCalls.setns(fd, CloneFlag.CLONE_NEWNET);
            return action.call();
        });
    }

    /** @return what the program printed; an exit status other than 0 is an error */
    String run(String... command) throws Exception {
        Process process =
                in(() -> new ProcessBuilder(command).redirectErrorStream(true).start());
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
            throw new IllegalStateException(String.join(" ", command) + " exited " + status + ": " + output);
        }
        return output;
    }

    @Override
    public void close() {
        fd.close();
    }

    private static <T> T onThread(Callable<T> action) throws Exception {
        var task = new FutureTask<>(action);
        Thread.ofPlatform().name("namespace").start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }
}
