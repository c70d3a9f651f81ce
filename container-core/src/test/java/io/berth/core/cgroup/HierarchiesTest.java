// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HierarchiesTest {
    private static final String PURE = """
            23 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
            30 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate
            """;
    private static final String HYBRID = """
            31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
            32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:4 - cgroup cgroup rw,cpu,cpuacct
            34 31 0:31 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset
            35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
            39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
            40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
            41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
            """;

    @Test
    void pureV2NeedsNoV1() {
        Hierarchies found = Hierarchies.parse(PURE, _ -> "cpuset cpu io memory hugetlb pids rdma misc\n");
        assertThat(found)
                .isEqualTo(
                        new Hierarchies(Path.of("/sys/fs/cgroup"), Set.of(Controller.values()), Map.of(), true, null));
        assertThat(found.describe()).isEqualTo("cgroup v2 at /sys/fs/cgroup with memory, cpu, pids");
    }

    @Test
    void hybridTakesFromV1WhatV2Lacks() {
        Hierarchies found = Hierarchies.parse(HYBRID, _ -> "hugetlb\n");
        assertThat(found.v2()).isEqualTo(Path.of("/sys/fs/cgroup/unified"));
        assertThat(found.inV2()).isEmpty();
        assertThat(found.v1())
                .isEqualTo(Map.of(
                        Controller.MEMORY, Path.of("/sys/fs/cgroup/memory"),
                        Controller.CPU, Path.of("/sys/fs/cgroup/cpu,cpuacct"),
                        Controller.PIDS, Path.of("/sys/fs/cgroup/pids")));
        assertThat(found.cpuset()).isEqualTo(Path.of("/sys/fs/cgroup/cpuset"));
        assertThat(found.describe()).contains("memory of v1 at /sys/fs/cgroup/memory");
    }

    @Test
    void onlyTheMissingControllerComesFromV1() {
        Hierarchies found = Hierarchies.parse(HYBRID, _ -> "memory pids");
        assertThat(found.inV2()).containsExactlyInAnyOrder(Controller.MEMORY, Controller.PIDS);
        assertThat(found.v1()).containsOnlyKeys(Controller.CPU);
    }

    @Test
    void controllersOfOneMountAreOneDirectory() {
        String shared = HYBRID.replace("cgroup rw,pids", "cgroup rw,none").replace("rw,memory", "rw,memory,pids");
        assertThat(Hierarchies.parse(shared, _ -> "").v1("berth"))
                .containsExactly(
                        Path.of("/sys/fs/cgroup/cpu,cpuacct/berth"),
                        Path.of("/sys/fs/cgroup/cpuset/berth"),
                        Path.of("/sys/fs/cgroup/memory/berth"));
    }

    @Test
    void aMountElsewhereIsFoundAndTheUsualPlacePreferred() {
        String elsewhere = "50 23 0:50 / /mnt/c\\040group rw - cgroup2 none rw\n";
        assertThat(Hierarchies.parse(elsewhere, _ -> "memory cpu pids").v2()).isEqualTo(Path.of("/mnt/c group"));
        assertThat(Hierarchies.parse(elsewhere + PURE, _ -> "memory cpu pids").v2())
                .isEqualTo(Path.of("/sys/fs/cgroup"));
    }

    @Test
    void withoutV2TheCureIsNamed() {
        String v1 =
                HYBRID.lines().filter(line -> !line.contains("cgroup2")).reduce("", (all, line) -> all + line + "\n");
        assertThatThrownBy(() -> Hierarchies.parse(v1, _ -> ""))
                .isInstanceOf(CgroupException.class)
                .hasMessageContaining("mount -t cgroup2");
    }

    @Test
    void aControllerThatIsNowhereIsNamed() {
        assertThatThrownBy(() -> Hierarchies.parse(PURE, _ -> "cpu pids"))
                .isInstanceOf(CgroupException.class)
                .hasMessageContaining("'memory'")
                .hasMessageContaining("cgroup_enable=memory");
    }
}
