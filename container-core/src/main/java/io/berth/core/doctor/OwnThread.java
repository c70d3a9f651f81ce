// SPDX-License-Identifier: Apache-2.0
package io.berth.core.doctor;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Runs what changes the calling thread for good: namespaces, filters. The change ends with the thread. */
final class OwnThread {
    private OwnThread() {}

    static <T> T run(Callable<T> action) throws Exception {
        var task = new FutureTask<T>(action);
        Thread.ofPlatform().daemon().name("doctor").start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
