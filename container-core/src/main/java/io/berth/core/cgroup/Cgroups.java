// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cgroup;

import io.berth.core.linux.Errno;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.SyscallException;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.InvalidSpecException;
import io.berth.core.spec.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The cgroups of all containers of one instance of Berth. Keeps nothing in memory: what exists is what the kernel says. */
public final class Cgroups {
    private static final Path DELEGATE = Path.of("/sys/kernel/cgroup/delegate"); // since Linux 4.15
    private static final String SPARE = "spare"; // no container has such an id
    private static final List<String> LEAST_DELEGATED =
            List.of("cgroup.procs", "cgroup.threads", "cgroup.subtree_control");

    private final Hierarchies hierarchies;
    private final String instance;
    private final List<String> delegated;

    private Cgroups(Hierarchies hierarchies, String instance, List<String> delegated) {
        this.hierarchies = hierarchies;
        this.instance = instance;
        this.delegated = List.copyOf(delegated);
    }

    /**
     * Looks; changes nothing.
     *
     * @param instance names the parent of all containers' cgroups
     * @throws CgroupException when this machine's cgroups don't suffice
     */
    public static Cgroups detect(String instance) {
        return new Cgroups(Hierarchies.detect(), instance, delegated());
    }

    private static List<String> delegated() {
        try {
            return Files.readAllLines(DELEGATE);
        } catch (IOException _) {
            return LEAST_DELEGATED;
        }
    }

    /** {@code cgroup v2 at /sys/fs/cgroup/unified; memory of v1 at …}. */
    public String describe() {
        return hierarchies.describe();
    }

    /** Whether v1 still has a controller, so that processes join cgroups there, which takes milliseconds. */
    public boolean isHybrid() {
        return !hierarchies.v1().isEmpty();
    }

    /** What {@link #create} does, in order. */
    public List<CgroupStep> plan(ContainerId id, Limits limits, int uidBase) {
        return layout(id).create(limits, uidBase);
    }

    /**
     * A new, empty cgroup with limits, and a payload that belongs to the container's root. What an earlier life of the container left
     * is removed.
     *
     * @param uidBase the container's root as the host counts
     * @throws CgroupException when processes of an earlier life are still there
     */
    public ContainerCgroup create(ContainerId id, Limits limits, int uidBase) {
        return create(id, limits, uidBase, false);
    }

    /**
     * The same.
     *
     * @param fromSpare whether the spare becomes the container's cgroup of v1, with whoever has joined it
     */
    public ContainerCgroup create(ContainerId id, Limits limits, int uidBase, boolean fromSpare) {
        ContainerCgroup cgroup = open(id, uidBase);
        if (cgroup.exists() && cgroup.populated()) {
            throw new CgroupException(
                    "the cgroup of container " + id + " has processes already; stop the container first");
        }
        cgroup.remove();
        try {
            if (fromSpare) {
                hierarchies.v1(instance).forEach(parent -> renameSpare(parent, id));
            }
            plan(id, limits, uidBase).forEach(this::execute);
            return cgroup;
        } catch (RuntimeException e) {
            cgroup.remove();
            throw e;
        }
    }

    private void execute(CgroupStep step) {
        try {
            step.execute();
        } catch (SyscallException e) {
            boolean enabling =
                    step instanceof CgroupStep.Write write && write.file().endsWith("cgroup.subtree_control");
            if (enabling && e.errno() == Errno.EBUSY) {
                throw new CgroupException(
                        step.describe()
                                + ": the cgroup holds processes itself, so its children can't have controllers; move"
                                + " them into a child of it, or start Berth where the cgroup v2 mount shows the true root",
                        e);
            }
            throw e;
        }
    }

    /**
     * Makes a cgroup in v1 for a container to come, and has a process join it: that takes milliseconds, and renaming the cgroup none.
     * A v1 hierarchy can do that (cgroup1_rename, kernel/cgroup/cgroup-v1.c), v2 has no need of it.
     */
    public void prepareSpare(int pid) {
        Layout.v1ParentSteps(hierarchies, instance).forEach(CgroupStep::execute);
        spare().forEach(directory -> new CgroupStep.MakeDirectory(directory).execute());
        spare().forEach(directory ->
                new CgroupStep.Write(directory.resolve("cgroup.procs"), Integer.toString(pid)).execute());
    }

    /** Removes the spare, which nobody is in any more. */
    public void removeSpare() {
        hierarchies
                .v1(instance)
                .forEach(parent -> CgroupDirectory.openIfPresent(parent).ifPresent(open -> {
                    try (open) {
                        open.removeTree(SPARE);
                    }
                }));
    }

    private static void renameSpare(Path parent, ContainerId id) {
        try (CgroupDirectory open = CgroupDirectory.open(parent)) {
            FileCalls.renameat2(open.fd(), SPARE, open.fd(), id.toString());
        }
    }

    private List<Path> spare() {
        return hierarchies.v1(instance).stream()
                .map(parent -> parent.resolve(SPARE))
                .toList();
    }

    /** A container's cgroup that may or may not exist, as after a restart of the agent. */
    public ContainerCgroup open(ContainerId id, int uidBase) {
        return new ContainerCgroup(layout(id), uidBase);
    }

    private Layout layout(ContainerId id) {
        return new Layout(hierarchies, instance, id, delegated);
    }

    /** The containers that have a cgroup, in any hierarchy. */
    public List<ContainerId> leftovers() {
        return parents()
                .map(CgroupDirectory::openIfPresent)
                .flatMap(Optional::stream)
                .flatMap(parent -> {
                    try (parent) {
                        return parent.children().stream();
                    }
                })
                .flatMap(name -> containerId(name).stream())
                .distinct()
                .sorted()
                .toList();
    }

    private static Optional<ContainerId> containerId(String name) {
        try {
            return Optional.of(ContainerId.of(name));
        } catch (InvalidSpecException _) {
            return Optional.empty();
        }
    }

    /** Removes the instance's parents, where no container has a cgroup any more. Controllers stay enabled for the root's children. */
    public void release() {
        hierarchies.mounts().forEach(mount -> {
            try (CgroupDirectory root = CgroupDirectory.open(mount)) {
                root.removeIfEmpty(instance);
            }
        });
    }

    private Stream<Path> parents() {
        return hierarchies.mounts().map(mount -> mount.resolve(instance));
    }
}
