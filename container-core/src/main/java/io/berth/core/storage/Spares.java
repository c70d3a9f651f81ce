// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.RenameFlag;
import io.berth.core.linux.SyscallException;
import io.berth.core.spec.ImageId;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of images made ahead. A snapshot of btrfs waits until the filesystem has committed, 10 ms and more; the rename that makes a
 * spare a container's waits for nothing. Safe for many threads.
 */
final class Spares implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Spares.class);
    private static final int PER_IMAGE = 2; // one for a container, one for the next while the first is replaced
    private static final long PAUSE_SECONDS = 2; // a container that was just made boots, and would meet the commit
    private static final long PATIENCE_SECONDS = 10;

    /** How a driver copies an image. */
    interface Copier {
        void copy(Fd image, Fd directory, String name);
    }

    private final PoolDirectories pool;
    private final Copier copier;
    private final Trash trash;
    private final Map<ImageId, Queue<String>> ready = new ConcurrentHashMap<>();
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("spares").factory());

    /** Takes up what an earlier agent has left: a copy is there whole or not at all. */
    Spares(PoolDirectories pool, Copier copier, Trash trash) {
        this.pool = pool;
        this.copier = copier;
        this.trash = trash;
        pool.namesIn(pool.spares()).forEach(this::adopt);
    }

    private void adopt(String name) {
        ImageId image = PoolDirectories.imageId(name.substring(0, name.indexOf('.')));
        if (PoolDirectories.has(pool.images(), PoolDirectories.name(image))) {
            of(image).add(name);
            worker.execute(() -> readAgain(name));
        } else {
            trash.add(pool.spares(), name);
        }
    }

    private void readAgain(String name) {
        try {
            readAhead(name);
        } catch (SyscallException e) {
            LOG.debug("event=spare-not-read name={} error={}, ignoring", name, e.getMessage()); // taken meanwhile
        }
    }

    private Queue<String> of(ImageId image) {
        return ready.computeIfAbsent(image, _ -> new ConcurrentLinkedQueue<>());
    }

    /**
     * Moves a copy of the image to where it is wanted, and has another one made.
     *
     * @return whether there was one
     * @throws SyscallException EEXIST when something of that name is there
     */
    boolean take(ImageId image, Fd directory, String name) {
        var _ = worker.schedule(() -> fill(image), PAUSE_SECONDS, TimeUnit.SECONDS);
        String spare = of(image).poll();
        if (spare == null) {
            return false;
        }
        try {
            FileCalls.renameat2(pool.spares(), spare, directory, name, RenameFlag.RENAME_NOREPLACE);
            return true;
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                return false; // somebody has cleared it away
            }
            of(image).add(spare);
            throw e;
        }
    }

    private synchronized void fill(ImageId image) {
        if (!PoolDirectories.has(pool.images(), PoolDirectories.name(image))) {
            return; // deleted meanwhile
        }
        try (Fd tree = PoolDirectories.directory(pool.images(), PoolDirectories.name(image))) {
            while (of(image).size() < PER_IMAGE && !PoolSpace.of(tree).isShort()) {
                String name = PoolDirectories.name(image) + "." + UUID.randomUUID();
                copier.copy(tree, pool.spares(), name);
                readAhead(name);
                of(image).add(name);
            }
        } catch (RuntimeException e) {
            LOG.warn("event=no-spare image={}, ignoring", image, e);
        }
    }

    private void readAhead(String name) {
        try (Fd copy = PoolDirectories.directory(pool.spares(), name)) {
            long bytes = ReadAhead.of(copy);
            LOG.debug("event=spare-made name={} read={}", name, bytes);
        }
    }

    /** For an image that has been deleted. */
    synchronized void forget(ImageId image) {
        Queue<String> names = ready.remove(image);
        if (names != null) {
            names.forEach(name -> trash.add(pool.spares(), name));
        }
    }

    /** Makes no more; what there is stays for the next agent. */
    @Override
    public void close() {
        worker.shutdownNow();
        try {
            if (!worker.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("event=spares-busy seconds={}, ignoring", PATIENCE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
