// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.operation;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Claims operations and runs them. On platform threads: calls to the agent block natively, which would pin virtual ones. */
@Component
class OperationWorkers implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(OperationWorkers.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);

    private final OperationQueue queue;
    private final OperationRun run;
    private final Doorbell doorbell;
    private final Set<OperationQueue.Claim> running = ConcurrentHashMap.newKeySet();
    private ExecutorService threads = Executors.newCachedThreadPool(OperationWorkers::thread);
    private volatile boolean open;

    OperationWorkers(OperationQueue queue, OperationRun run, Doorbell doorbell) {
        this.queue = queue;
        this.run = run;
        this.doorbell = doorbell;
    }

    @Override
    public void start() {
        open = true;
        threads = Executors.newCachedThreadPool(OperationWorkers::thread);
        for (OperationKind.Lane lane : OperationKind.Lane.values()) {
            Semaphore bell = doorbell.worker(lane);
            threads.execute(() -> serve(lane, bell));
        }
    }

    private static Thread thread(Runnable work) {
        return Thread.ofPlatform().daemon().name("operation-", 0).unstarted(work);
    }

    private void serve(OperationKind.Lane lane, Semaphore bell) {
        List<OperationKind> kinds = Arrays.stream(OperationKind.values())
                .filter(kind -> kind.lane() == lane)
                .toList();
        Semaphore free = new Semaphore(lane.workers());
        try {
            while (open) {
                free.acquire();
                Optional<OperationQueue.Claim> claim = claim(kinds);
                if (claim.isPresent()) {
                    hand(claim.get(), free);
                } else {
                    free.release();
                    if (bell.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                        bell.drainPermits();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the platform ends
        }
    }

    private Optional<OperationQueue.Claim> claim(List<OperationKind> kinds) {
        try {
            return queue.claim(kinds);
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("operations can't be claimed, trying again: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private void hand(OperationQueue.Claim claim, Semaphore free) {
        running.add(claim);
        try {
            threads.execute(() -> {
                try {
                    run.run(claim);
                } finally {
                    running.remove(claim);
                    free.release();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("claimed while the platform ends", e);
            running.remove(claim);
            queue.release(claim, Duration.ZERO);
        }
    }

    @Scheduled(fixedRateString = "PT5S")
    void renew() {
        for (OperationQueue.Claim claim : running) {
            if (!queue.renew(claim)) {
                LOG.warn("lease lost operation={} attempt={}", claim.id(), claim.attempt());
            }
        }
    }

    /** What does not end in time is given back, so that the next start takes it up at once. */
    @Override
    public void stop() {
        open = false;
        threads.shutdown();
        try {
            doorbell.ringWorkers();
            if (!threads.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
                running.forEach(claim -> queue.release(claim, Duration.ZERO));
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("leases run out by themselves", e);
        }
    }

    @Override
    public boolean isRunning() {
        return open;
    }
}
