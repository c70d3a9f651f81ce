// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cgroup;

import io.berth.core.cgroup.CgroupStep.Delegate;
import io.berth.core.cgroup.CgroupStep.InheritCpuset;
import io.berth.core.cgroup.CgroupStep.MakeDirectory;
import io.berth.core.cgroup.CgroupStep.Write;
import io.berth.core.cgroup.CgroupStep.WriteIfPresent;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where one container's cgroups are, and what is written there; pure.
 *
 * <pre>
 * v2/INSTANCE/ID            limits; root's
 * v2/INSTANCE/ID/monitor    the monitor process; root's
 * v2/INSTANCE/ID/payload    the container: what it sees as /sys/fs/cgroup; its root's
 * v1/INSTANCE/ID            limits, per controller that v2 lacks; root's
 * </pre>
 *
 * A v2 cgroup with controllers enabled for its children may hold no process itself (cgroups(7), "no internal processes"), hence
 * monitor and payload are leaves when the container begins.
 *
 * @param delegated the files beside the directory that whoever is delegated a cgroup gets: /sys/kernel/cgroup/delegate
 */
record Layout(Hierarchies hierarchies, String instance, ContainerId id, List<String> delegated) {
    private static final long PERIOD_MICROS = 100_000;
    /** A cgroup costs the host some kilobytes; systemd makes about 100, and containers in the container some more. */
    private static final int MAX_DESCENDANTS = 4096;
    /** Well below what removing them recursively can bear. */
    private static final int MAX_DEPTH = 32;

    Layout {
        delegated = List.copyOf(delegated);
    }

    Path parent() {
        return hierarchies.v2().resolve(instance);
    }

    Path container() {
        return parent().resolve(id.toString());
    }

    Path monitor() {
        return container().resolve("monitor");
    }

    Path payload() {
        return container().resolve("payload");
    }

    /** Where the container's directories of v1 are. */
    List<Path> v1Parents() {
        return hierarchies.v1(instance);
    }

    List<Path> v1() {
        return v1Parents().stream().map(parent -> parent.resolve(id.toString())).toList();
    }

    /** Everything that a container's cgroups need, in order. */
    List<CgroupStep> create(Limits limits, int uidBase) {
        List<CgroupStep> steps = new ArrayList<>();
        steps.addAll(enable(hierarchies.v2()));
        steps.add(new MakeDirectory(parent()));
        steps.addAll(enable(parent()));
        steps.add(new MakeDirectory(container()));
        steps.addAll(bounds());
        steps.addAll(v1ParentSteps(hierarchies, instance));
        v1().forEach(directory -> steps.add(new MakeDirectory(directory)));
        steps.addAll(limit(limits));
        steps.addAll(enable(container()));
        steps.add(new MakeDirectory(monitor()));
        steps.addAll(payload(uidBase));
        steps.addAll(shownCpu(limits.milliCpus()));
        return List.copyOf(steps);
    }

    /** The directories of v1 that all containers' are in. */
    static List<CgroupStep> v1ParentSteps(Hierarchies hierarchies, String instance) {
        return Stream.concat(
                        hierarchies.v1(instance).stream().map(MakeDirectory::new),
                        hierarchies.cpuset(instance).stream().map(InheritCpuset::new))
                .map(CgroupStep.class::cast)
                .toList();
    }

    private List<CgroupStep> bounds() {
        return List.of(
                new Write(container().resolve("cgroup.max.descendants"), Integer.toString(MAX_DESCENDANTS)),
                new Write(container().resolve("cgroup.max.depth"), Integer.toString(MAX_DEPTH)));
    }

    /** All that is in force once a container was made or its limits were changed. */
    List<CgroupStep> inForce(Limits limits) {
        return Stream.concat(bounds().stream(), limit(limits).stream()).toList();
    }

    /** Where init is born: per controller of v1, and for v2 under the empty name, as /proc/PID/cgroup has it. */
    Map<String, String> membership() {
        String path = "/" + instance + "/" + id;
        Map<String, String> membership = new HashMap<>();
        membership.put("", path + "/payload");
        hierarchies.v1Names().forEach(controller -> membership.put(controller, path));
        return membership;
    }

    /** Lets the children of a cgroup have controllers of their own. */
    private List<CgroupStep> enable(Path cgroup) {
        String controllers = Stream.concat(
                        hierarchies.inV2().stream().sorted().map(Controller::kernelName),
                        hierarchies.countsIo() ? Stream.of(Hierarchies.IO) : Stream.empty())
                .map(controller -> "+" + controller)
                .collect(Collectors.joining(" "));
        if (controllers.isEmpty()) {
            return List.of();
        }
        return List.of(new Write(cgroup.resolve("cgroup.subtree_control"), controllers));
    }

    List<CgroupStep> payload(int uidBase) {
        return delegate(payload(), uidBase);
    }

    /** A new cgroup that is the container's own. */
    List<CgroupStep> delegate(Path cgroup, int uidBase) {
        return Stream.concat(
                        Stream.of(new MakeDirectory(cgroup), new Delegate(cgroup, uidBase)),
                        delegated.stream().map(file -> new Delegate(cgroup.resolve(file), uidBase)))
                .map(CgroupStep.class::cast)
                .toList();
    }

    /** All limits of a cgroup that has nothing in it yet. */
    List<CgroupStep> limit(Limits limits) {
        List<CgroupStep> steps = new ArrayList<>(memory(limits.memoryBytes(), true));
        steps.addAll(cpu(limits.milliCpus()));
        steps.addAll(pids(limits.pids()));
        return steps;
    }

    List<CgroupStep> pids(int max) {
        return List.of(new Write(file(Controller.PIDS, "pids.max"), Integer.toString(max)));
    }

    /**
     * The limit is on memory and swap together: swap is the host's. On v1 the sum may never be below memory alone, so the order
     * depends on the direction.
     *
     * @param lower whether it was higher before, as in a new cgroup, which has no limit
     */
    List<CgroupStep> memory(long bytes, boolean lower) {
        String value = Long.toString(bytes);
        if (hierarchies.inV2().contains(Controller.MEMORY)) {
            return List.of(
                    new WriteIfPresent(container().resolve("memory.swap.max"), "0"),
                    new Write(container().resolve("memory.max"), value));
        }
        CgroupStep memory = new Write(file(Controller.MEMORY, "memory.limit_in_bytes"), value);
        CgroupStep withSwap = new WriteIfPresent(file(Controller.MEMORY, "memory.memsw.limit_in_bytes"), value);
        return lower ? List.of(memory, withSwap) : List.of(withSwap, memory);
    }

    List<CgroupStep> cpu(int milliCpus) {
        if (hierarchies.inV2().contains(Controller.CPU)) {
            return List.of(new Write(container().resolve("cpu.max"), cpuMax(milliCpus)));
        }
        long quotaMicros = PERIOD_MICROS * milliCpus / 1000;
        return List.of(
                new Write(file(Controller.CPU, "cpu.cfs_period_us"), Long.toString(PERIOD_MICROS)),
                new Write(file(Controller.CPU, "cpu.cfs_quota_us"), Long.toString(quotaMicros)));
    }

    /**
     * The limit once more, where PID 1 is: lxcfs(1) counts processors by that cgroup alone, before its version 6. On v1 that is the
     * container's.
     */
    List<CgroupStep> shownCpu(int milliCpus) {
        return hierarchies.inV2().contains(Controller.CPU)
                ? List.of(new WriteIfPresent(payload().resolve("cpu.max"), cpuMax(milliCpus)))
                : List.of();
    }

    private static String cpuMax(int milliCpus) {
        return PERIOD_MICROS * milliCpus / 1000 + " " + PERIOD_MICROS;
    }

    /** A controller's file in the container's cgroup, where the controller is. */
    Path file(Controller controller, String file) {
        Path v1 = hierarchies.v1().get(controller);
        return v1 == null
                ? container().resolve(file)
                : v1.resolve(instance).resolve(id.toString()).resolve(file);
    }
}
