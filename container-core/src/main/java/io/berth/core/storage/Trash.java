// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.SyscallException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where trees go by one rename, to be freed by one thread in the background or, after a crash, by the next agent's. */
final class Trash implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Trash.class);
    private static final long PATIENCE_SECONDS = 10;

    /** How a driver frees a tree. */
    interface Destroyer {
        void destroy(Fd directory, String name, Path path);
    }

    private final PoolDirectories pool;
    private final Destroyer destroyer;
    private final Runnable emptied;
    private final Phaser pending = new Phaser(1);
    private final AtomicInteger queued = new AtomicInteger();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("trash").factory());

    /**
     * @param emptied called in the background whenever nothing more is left to destroy
     */
    Trash(PoolDirectories pool, Destroyer destroyer, Runnable emptied) {
        this.pool = pool;
        this.destroyer = destroyer;
        this.emptied = emptied;
    }

    /** Takes a tree away. One that is gone already is no error. */
    void add(Fd directory, String name) {
        String discarded = UUID.randomUUID().toString();
        try {
            FileCalls.renameat2(directory, name, pool.trash(), discarded);
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                return;
            }
            throw e;
        }
        free(discarded);
    }

    /** Frees what an earlier agent has left. */
    void sweep() {
        pool.namesIn(pool.trash()).forEach(this::free);
    }

    private void free(String name) {
        pending.register();
        queued.incrementAndGet();
        worker.execute(() -> {
            try {
                try {
                    destroyer.destroy(pool.trash(), name, pool.inTrash(name));
                } finally {
                    if (queued.decrementAndGet() == 0) {
                        emptied.run();
                    }
                }
            } catch (RuntimeException e) {
                LOG.warn("event=tree-not-freed name={}, ignoring until the next start", name, e);
            } finally {
                pending.arriveAndDeregister();
            }
        });
    }

    /** Something was freed elsewhere: what is done after the last of several trees is done soon. */
    void emptied() {
        pending.register();
        worker.execute(() -> {
            try {
                if (queued.get() == 0) {
                    emptied.run();
                }
            } catch (RuntimeException e) {
                LOG.warn("event=not-reclaimed, ignoring until the next deletion", e);
            } finally {
                pending.arriveAndDeregister();
            }
        });
    }

    void awaitEmpty() {
        pending.arriveAndAwaitAdvance();
    }

    /** Stops freeing; what is left stays in the trash. */
    @Override
    public void close() {
        worker.shutdownNow();
        try {
            if (!worker.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("event=trash-busy seconds={}, ignoring", PATIENCE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
