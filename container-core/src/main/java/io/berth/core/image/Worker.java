// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.Signal;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Spawner;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Runs our programs that work on what others made, without privilege; see {@link WorkerPlan}. */
record Worker(ImageTrees trees, Spawner spawner, Supplier<BuildRange> ranges) {
    private static final String TREE = "tree";
    private static final String SCRATCH = "scratch";
    private static final String REFUSED = "refused: ";

    /**
     * Blocks until it has ended; it ends with this JVM.
     *
     * @param arguments its class, then what it is told; numbers of the archives' descriptors are added
     * @param tree that it fills
     * @throws ImageException.Refused with its own words when it won't have an archive
     */
    void run(List<String> arguments, List<Fd> archives, Fd tree, Duration time, Consumer<String> progress) {
        String name = UUID.randomUUID().toString();
        try (BuildRange range = ranges.get();
                Fd scratch = trees.newTree(name);
                Fd own = BuildSandbox.idmapped(scratch, range.userNamespace());
                Fd target = BuildSandbox.idmapped(tree, range.userNamespace())) {
            Map<String, Fd> mounts = Map.of(TREE, target, SCRATCH, own);
            WorkerPlan plan = WorkerPlan.compose(arguments, archives.size(), List.of(TREE, SCRATCH), false, time);
            run(plan, descriptors(plan, archives, range.userNamespace(), mounts), time, progress);
        } finally {
            trees.discardTree(name);
        }
    }

    private static Map<Slot, Fd> descriptors(
            WorkerPlan plan, List<Fd> archives, Fd userNamespace, Map<String, Fd> mounts) {
        Map<Slot, Fd> fds = new HashMap<>();
        for (int i = 0; i < archives.size(); i++) {
            fds.put(plan.archives().get(i), archives.get(i));
        }
        fds.put(plan.userNamespace(), userNamespace);
        plan.trees().forEach((name, slot) -> {
            Fd mount = mounts.get(name);
            if (mount == null) {
                throw new IllegalArgumentException("the plan wants a tree for /" + name);
            }
            fds.put(slot, mount);
        });
        return fds;
    }

    private void run(WorkerPlan plan, Map<Slot, Fd> fds, Duration time, Consumer<String> progress) {
        try (Pipe input = FileCalls.pipe2();
                Pipe output = FileCalls.pipe2();
                Spawner.Running process = spawner.start(
                        plan.plan(), fds, List.of(input.readEnd(), output.writeEnd(), output.writeEnd()))) {
            output.writeEnd().close();
            input.readEnd().close();
            BuildOutput.Ended ended = BuildOutput.follow(process, output.readEnd(), line -> {
                if (!line.startsWith(REFUSED)) {
                    progress.accept(line);
                }
            });
            if (!ended.status().isSuccess()) {
                throw failure(ended, time);
            }
        }
    }

    /** timeout(1) dies by the signal that it sends. */
    private static ImageException failure(BuildOutput.Ended ended, Duration time) {
        String last = ended.last().isEmpty() ? "" : ended.last().getLast();
        if (last.startsWith(REFUSED)) {
            return new ImageException.Refused(last.substring(REFUSED.length()));
        }
        if (ended.status().shellCode() == 128 + Signal.SIGKILL.number()) {
            return new ImageException.Refused(
                    "unpacking took longer than " + time.toSeconds() + " s, or more memory than there is");
        }
        return new ImageException.BuildFailed(
                "the worker ended with " + ended.status().describe() + ": " + String.join("; ", ended.last()), null);
    }
}
