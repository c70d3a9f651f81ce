// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.terminal;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Platform threads, as reading and writing a descriptor blocks natively, which would pin a virtual thread's carrier. */
@Component
class TerminalThreads implements DisposableBean {
    private static final long STACK_BYTES = 256 * 1024;

    private final ExecutorService threads = Executors.newCachedThreadPool(work -> Thread.ofPlatform()
            .daemon()
            .name("terminal-", 0)
            .stackSize(STACK_BYTES)
            .unstarted(work));

    /** For as long as a terminal lives. */
    Executor longOnes() {
        return threads;
    }

    /** For as long as there is something to write. */
    Executor shortOnes() {
        return threads;
    }

    @Override
    public void destroy() {
        threads.shutdownNow();
    }
}
