// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import java.util.Optional;

/** A process that this JVM spawned. Whoever holds it waits for its end once; a process left unwaited stays a zombie. */
public record Child(int pid, Fd pidfd) implements AutoCloseable {
    public ExitStatus waitFor() {
        return ProcessCalls.waitid(pidfd);
    }

    public Optional<ExitStatus> waitForNow() {
        return ProcessCalls.waitidNow(pidfd);
    }

    public void kill(Signal signal) {
        ProcessCalls.pidfdSendSignal(pidfd, signal);
    }

    @Override
    public void close() {
        pidfd.close();
    }
}
