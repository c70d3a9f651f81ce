// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.operation;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
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
    private final CopyOnWriteArrayList<Semaphore> workers = new CopyOnWriteArrayList<>();
    private final ConcurrentMap<UUID, Waiters> waiters = new ConcurrentHashMap<>();

    private static final class Waiters {
        private final AtomicInteger count = new AtomicInteger();
        private final Semaphore changes = new Semaphore(0);
    }

    /** A bell for one lane of workers: acquire it to wait for work. */
    Semaphore worker() {
        Semaphore bell = new Semaphore(0);
        workers.add(bell);
        return bell;
    }

    void ringAfterCommit(UUID operation) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            ring(operation);
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                ring(operation);
            }
        });
    }

    void ringWorkers() {
        workers.forEach(Semaphore::release);
    }

    void ring(UUID operation) {
        ringWorkers();
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
