// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.cgroup.CgroupStep.MakeDirectory;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayoutTest {
    private static final String ID = "01234567-89ab-4cde-8f01-23456789abcd";
    private static final List<String> DELEGATED = List.of("cgroup.procs", "cgroup.threads", "cgroup.subtree_control");
    private static final Limits LIMITS = new Limits(1 << 30, 1500, 200);
    /** What the kernel puts into every new cgroup, as far as it is written to. */
    private static final List<String> CONTROL_FILES = List.of(
            "cgroup.procs",
            "cgroup.threads",
            "cgroup.subtree_control",
            "cgroup.max.descendants",
            "cgroup.max.depth",
            "memory.max",
            "memory.swap.max",
            "cpu.max",
            "pids.max");

    private static Layout pure(Path mount) {
        return layout(new Hierarchies(mount, Set.of(Controller.values()), Map.of(), true, null));
    }

    private static Layout hybrid() {
        return layout(new Hierarchies(
                Path.of("/cg/unified"),
                Set.of(),
                Map.of(
                        Controller.MEMORY, Path.of("/cg/memory"),
                        Controller.CPU, Path.of("/cg/cpu"),
                        Controller.PIDS, Path.of("/cg/pids")),
                false,
                Path.of("/cg/cpuset")));
    }

    private static Layout layout(Hierarchies hierarchies) {
        return new Layout(hierarchies, "berth", ContainerId.of(ID), DELEGATED);
    }

    private static List<String> described(List<CgroupStep> steps, String prefix) {
        return steps.stream().map(step -> step.describe().replace(prefix, "")).toList();
    }

    @Test
    void pureV2EnablesControllersDownToThePayloadAndDelegatesThatAlone() {
        assertThat(described(pure(Path.of("/cg")).create(LIMITS, 7000), "/berth/" + ID))
                .containsExactly(
                        "write '+memory +cpu +pids +io' to /cg/cgroup.subtree_control",
                        "mkdir /cg/berth",
                        "write '+memory +cpu +pids +io' to /cg/berth/cgroup.subtree_control",
                        "mkdir /cg",
                        "write '4096' to /cg/cgroup.max.descendants",
                        "write '32' to /cg/cgroup.max.depth",
                        "write '0' to /cg/memory.swap.max, if it exists",
                        "write '1073741824' to /cg/memory.max",
                        "write '150000 100000' to /cg/cpu.max",
                        "write '200' to /cg/pids.max",
                        "write '+memory +cpu +pids +io' to /cg/cgroup.subtree_control",
                        "mkdir /cg/monitor",
                        "mkdir /cg/payload",
                        "chown /cg/payload to 7000",
                        "chown /cg/payload/cgroup.procs to 7000",
                        "chown /cg/payload/cgroup.threads to 7000",
                        "chown /cg/payload/cgroup.subtree_control to 7000",
                        "write '150000 100000' to /cg/payload/cpu.max, if it exists");
    }

    @Test
    void hybridLimitsInV1AndEnablesNothingInV2() {
        assertThat(described(hybrid().create(LIMITS, 7000), "/" + ID))
                .containsSubsequence(
                        "mkdir /cg/unified/berth",
                        "mkdir /cg/cpu/berth",
                        "mkdir /cg/cpuset/berth",
                        "mkdir /cg/memory/berth",
                        "mkdir /cg/pids/berth",
                        "let /cg/cpuset/berth have its parent's processors and memory nodes",
                        "write '1073741824' to /cg/memory/berth/memory.limit_in_bytes",
                        "write '1073741824' to /cg/memory/berth/memory.memsw.limit_in_bytes, if it exists",
                        "write '100000' to /cg/cpu/berth/cpu.cfs_period_us",
                        "write '150000' to /cg/cpu/berth/cpu.cfs_quota_us",
                        "write '200' to /cg/pids/berth/pids.max",
                        "mkdir /cg/unified/berth/payload")
                .noneMatch(step -> step.contains("write '+") || step.contains("chown /cg/memory"));
    }

    @Test
    void memoryAndSwapTogetherAreNeverBelowMemoryAlone() {
        assertThat(described(hybrid().memory(5, false), "/cg/memory/berth/" + ID + "/"))
                .as("raised: the sum first")
                .containsExactly(
                        "write '5' to memory.memsw.limit_in_bytes, if it exists", "write '5' to memory.limit_in_bytes");
        assertThat(described(hybrid().memory(5, true), "/cg/memory/berth/" + ID + "/"))
                .as("lowered: memory first")
                .containsExactly(
                        "write '5' to memory.limit_in_bytes", "write '5' to memory.memsw.limit_in_bytes, if it exists");
    }

    @Test
    void theLeastProcessorTimeIsWhatTheKernelTakes() {
        assertThat(described(hybrid().cpu(10), "/cg/cpu/berth/" + ID + "/"))
                .as("cpu.cfs_quota_us is at least 1000")
                .contains("write '1000' to cpu.cfs_quota_us");
    }

    @Test
    void stepsRunOnATreeOfFiles(@TempDir Path mount) throws IOException {
        populate(mount);
        Layout layout = pure(mount);
        for (int round = 0; round < 2; round++) {
            for (CgroupStep step : layout.create(LIMITS, ProcessCalls.getuid())) {
                step.execute();
                if (step instanceof MakeDirectory made) {
                    populate(made.directory());
                }
            }
        }
        assertThat(mount.resolve("cgroup.subtree_control")).hasContent("+memory +cpu +pids +io");
        assertThat(layout.container().resolve("memory.max")).hasContent("1073741824");
        assertThat(layout.container().resolve("cpu.max")).hasContent("150000 100000");
        assertThat(layout.payload().resolve("cgroup.subtree_control")).hasContent("");
        assertThat(layout.monitor()).isDirectory();
    }

    private static void populate(Path cgroup) throws IOException {
        for (String file : CONTROL_FILES) {
            Files.writeString(cgroup.resolve(file), "");
        }
    }

    @Test
    void filesThatAKernelLacksAreNotDelegated(@TempDir Path mount) throws IOException {
        Files.writeString(mount.resolve("cgroup.procs"), "");
        new CgroupStep.Delegate(mount.resolve("memory.oom.group"), ProcessCalls.getuid()).execute();
        new CgroupStep.WriteIfPresent(mount.resolve("memory.swap.max"), "0").execute();
        assertThat(mount.resolve("memory.oom.group")).doesNotExist();
        assertThat(mount.resolve("memory.swap.max")).doesNotExist();
    }
}
