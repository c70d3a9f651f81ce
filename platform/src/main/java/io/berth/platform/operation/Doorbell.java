// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.operation;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Tells workers and waiting requests of this process that an operation has changed. It saves time and nothing hangs on it: both also
 * look by themselves now and then, for what other processes did.
 */
@Component
class Doorbell {
    private final Map<OperationKind.Lane, Semaphore> workers = new EnumMap<>(OperationKind.Lane.class);
    private final ConcurrentMap<UUID, Waiters> waiters = new ConcurrentHashMap<>();

    Doorbell() {
        for (OperationKind.Lane lane : OperationKind.Lane.values()) {
            workers.put(lane, new Semaphore(0));
        }
    }

    private static final class Waiters {
        private final AtomicInteger count = new AtomicInteger();
        private final Semaphore changes = new Semaphore(0);
    }

    /** The bell of a lane's workers: acquire it to wait for work. */
    Semaphore worker(OperationKind.Lane lane) {
        return Objects.requireNonNull(workers.get(lane));
    }

    /** There is work for one lane, once the transaction has committed. */
    void submitted(OperationKind kind) {
        afterCommit(() -> worker(kind.lane()).release());
    }

    /** An operation has said something, once the transaction has committed. */
    void changed(UUID operation) {
        afterCommit(() -> tellWaiters(operation));
    }

    /** An operation has ended, once the transaction has committed: whatever waited for its target or its tenant may run. */
    void finished(UUID operation) {
        afterCommit(() -> {
            ringWorkers();
            tellWaiters(operation);
        });
    }

    private static void afterCommit(Runnable ring) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            ring.run();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                ring.run();
            }
        });
    }

    void ringWorkers() {
        workers.values().forEach(Semaphore::release);
    }

    private void tellWaiters(UUID operation) {
        Waiters waiting = waiters.get(operation);
        if (waiting != null) {
            waiting.changes.release(waiting.count.get());
        }
    }

    /** Waits until the operation may have changed, at most this long. */
    void await(UUID operation, Duration atMost) throws InterruptedException {
        Waiters waiting = enter(operation);
        try {
            boolean changed = waiting.changes.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS);
            if (changed) {
                waiting.changes.drainPermits();
            }
        } finally {
            leave(operation);
        }
    }

    private Waiters enter(UUID operation) {
        return waiters.compute(operation, (id, present) -> {
            Waiters waiting = present == null ? new Waiters() : present;
            waiting.count.incrementAndGet();
            return waiting;
        });
    }

    private void leave(UUID operation) {
        waiters.computeIfPresent(operation, (id, waiting) -> waiting.count.decrementAndGet() == 0 ? null : waiting);
    }
}
