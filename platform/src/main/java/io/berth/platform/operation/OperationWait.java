// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.operation;

import java.time.Duration;
import org.springframework.stereotype.Component;

/** Waits for operations to finish. */
@Component
public class OperationWait {
    /** Other processes ring no bell here. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private final Operations operations;
    private final Doorbell doorbell;

    OperationWait(Operations operations, Doorbell doorbell) {
        this.operations = operations;
        this.doorbell = doorbell;
    }

    /** @return the operation as it is when it has finished, or after that time */
    public Operation of(Operation operation, Duration atMost) throws InterruptedException {
        Operation found = operation;
        long end = System.nanoTime() + atMost.toNanos();
        while (!found.state().isFinished() && System.nanoTime() < end) {
            Duration left = Duration.ofNanos(end - System.nanoTime());
            doorbell.await(operation.id(), left.compareTo(LOOK_AGAIN) < 0 ? left : LOOK_AGAIN);
            found = operations.get(operation.id());
        }
        return found;
    }
}
