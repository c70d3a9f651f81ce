// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lxcfs;

import io.berth.core.linux.AtFlag;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Flags;
import io.berth.core.linux.MountAttributes;
import io.berth.core.linux.MountCalls;
import io.berth.core.linux.MountFlag;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.OpenTreeFlag;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.SyscallException;
import io.berth.core.linux.TreeCalls;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.plan.Spawner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one lxcfs(1) of an instance. It survives the agent, which picks it up again, and is started anew when it dies; the containers that
 * run get the new one's files. Without it, containers run and see the host's figures.
 */
public final class Lxcfs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lxcfs.class);

    /** Between two deaths, so that a broken one costs little. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Between two failed starts: what is missing has to be brought by somebody. */
    private static final Duration LONG_PAUSE = Duration.ofSeconds(30);

    /** The node opens without it after that: a container without its views is better than none. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * Where the host's / is shared, as systemd makes it, lxcfs's mount is too, and so is a clone of it: what container root mounts over one
     * would appear over everybody's.
     */
    private static final MountAttributes ALONE =
            new MountAttributes(Flags.NONE, Flags.NONE, MountFlag.MS_PRIVATE, null);

    private static final byte[] ONE = {1, 0, 0, 0, 0, 0, 0, 1}; // neither 0 nor all ones in either byte order

    private final LxcfsProcess process;
    private final Runnable onReturn;
    private final Fd stop = FileCalls.eventfd(0);
    private final CompletableFuture<Void> tried = new CompletableFuture<>();
    private final Map<View, Fd> files = new EnumMap<>(View.class);
    private final @Nullable Thread supervisor;
    private volatile int generation;
    private String device = "";
    private boolean closed;

    private Lxcfs(LxcfsProcess process, Runnable onReturn) {
        this.process = process;
        this.onReturn = onReturn;
        this.supervisor = process.isInstalled()
                ? Thread.ofPlatform().daemon().name("lxcfs-supervisor").start(this::supervise)
                : null;
    }

    /**
     * Sees to it that it runs, and goes on doing so.
     *
     * @param directory below which it is mounted; does not survive a reboot
     * @param begin emits what every process of the agent's that stays does first
     * @param onReturn called on a thread of its own whenever there is a new one: containers that run show an older one's files
     */
    public static Lxcfs open(Path directory, Spawner spawner, Consumer<PlanBuilder> begin, Runnable onReturn) {
        Lxcfs lxcfs = new Lxcfs(new LxcfsProcess(directory, spawner, begin), onReturn);
        if (lxcfs.supervisor == null) {
            LOG.warn("event=no-lxcfs, containers see the host's memory and processors; apt-get install lxcfs");
        } else {
            lxcfs.awaitFirst();
        }
        return lxcfs;
    }

    private void awaitFirst() {
        try {
            tried.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("event=lxcfs-late seconds={}, going on without", PATIENCE.toSeconds());
        }
    }

    /** Grows with every lxcfs that there was. */
    public int generation() {
        return generation;
    }

    /** What a container that is born now gets; no view while there is no lxcfs. The caller's. */
    public synchronized Views views() {
        Map<View, Fd> mounts = new EnumMap<>(View.class);
        try {
            // by a descriptor: nothing is looked up, so nobody waits for lxcfs
            for (Map.Entry<View, Fd> file : files.entrySet()) {
                Fd mount = MountCalls.openTree(file.getValue(), "", OpenTreeFlag.OPEN_TREE_CLONE, AtFlag.AT_EMPTY_PATH);
                mounts.put(file.getKey(), mount);
                MountCalls.mountSetattr(mount, ALONE);
            }
            return new Views(generation, mounts);
        } catch (SyscallException e) {
            LOG.debug("event=lxcfs-gone error=\"{}\", ignoring: its supervisor sees to it", e.getMessage());
            mounts.values().forEach(Fd::close);
            return Views.none(generation);
        }
    }

    /** One of its files, for a single reading; empty while there is no lxcfs, or none with this view. The caller's. */
    public Optional<Fd> open(View view) {
        Optional<Fd> file;
        synchronized (this) {
            file = Optional.ofNullable(files.get(view)).map(Fd::dup);
        }
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (Fd named = file.get()) { // lxcfs is asked here: not while its supervisor is shut out
            return Optional.of(TreeCalls.reopen(named, OpenFlag.O_RDONLY));
        }
    }

    /** What a container that runs has of its files, or lacks. */
    public synchronized MountedViews mounted(String mountinfo) {
        return MountedViews.of(mountinfo, files.keySet(), device);
    }

    private void supervise() {
        try (stop) {
            Duration pause = Duration.ZERO;
            while (!PollCalls.awaitReadable(stop, pause)) {
                Optional<Fd> running = begin();
                tried.complete(null);
                pause = running.isPresent() ? PAUSE : LONG_PAUSE;
                if (running.isPresent()) {
                    watch(running.get());
                }
            }
        }
    }

    private Optional<Fd> begin() {
        try {
            return Optional.of(open(process.ensure()));
        } catch (RuntimeException | IOException e) {
            LOG.error("event=lxcfs-failed error=\"{}\", trying again", e.getMessage());
            return Optional.empty();
        }
    }

    private Fd open(Fd running) throws IOException {
        try {
            Map<View, Fd> opened = process.openFiles();
            synchronized (this) {
                files.putAll(opened);
                device = process.device();
                generation++;
            }
            return running;
        } catch (RuntimeException | IOException e) {
            forget();
            process.end(running); // it runs and does not answer, or has just died
            throw e;
        }
    }

    /** Until it dies, or the supervision ends. */
    private void watch(Fd running) {
        try (running) {
            onReturn.run();
            var happened = PollCalls.ppoll(null, PollCalls.Interest.in(running), PollCalls.Interest.in(stop));
            if (happened.get(1).isEmpty()) {
                LOG.warn("event=lxcfs-died, starting it again");
                LxcfsProcess.reap(running);
            }
        } finally {
            forget();
        }
    }

    private synchronized void forget() {
        files.values().forEach(Fd::close);
        files.clear();
    }

    /** Ends it for good; containers that still run can read its files no more. */
    public void terminate() {
        close();
        process.terminate();
    }

    /** Ends the supervision only. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        FileCalls.write(stop, ONE);
        if (supervisor == null) {
            stop.close();
        } else {
            join(supervisor);
        }
    }

    /** An lxcfs that hangs may hang whoever looks at its mount; whoever ends it lets them go on. */
    private static void join(Thread thread) {
        try {
            thread.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
