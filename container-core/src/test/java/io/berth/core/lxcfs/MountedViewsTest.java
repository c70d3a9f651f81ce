// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lxcfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MountedViewsTest {
    private static final Set<View> WANTED = EnumSet.of(View.MEMINFO, View.CPU_ONLINE);
    private static final String PROC = "90 80 0:60 / /proc rw,nosuid - proc proc rw\n";
    private static final String ONLINE = "92 91 0:54 /sys/devices/system/cpu/online /sys/devices/system/cpu/online ro -"
            + " fuse.lxcfs lxcfs ro,user_id=0\n";

    private static String meminfo(int id, String device, String type) {
        return id + " 90 " + device + " /proc/meminfo /proc/meminfo ro,nosuid - " + type + " lxcfs ro,user_id=0\n";
    }

    private static MountedViews of(String mountinfo) {
        return MountedViews.of(mountinfo, WANTED, "0:54");
    }

    @Test
    void nothingIsMissingWhereAllAreOfTheLxcfsThatRuns() {
        MountedViews mounted = of(PROC + meminfo(93, "0:54", "fuse.lxcfs") + ONLINE);
        assertThat(mounted.missing()).isEmpty();
        assertThat(mounted.stale()).isEmpty();
    }

    @Test
    void anEarlierOnesAreStale() {
        MountedViews mounted = of(PROC + meminfo(93, "0:53", "fuse.lxcfs") + ONLINE);
        assertThat(mounted.missing()).containsExactly(View.MEMINFO);
        assertThat(mounted.stale()).containsExactly(View.MEMINFO);
    }

    @Test
    void whatTheContainersRootPutThereIsNotTakenAway() {
        MountedViews mounted = of(PROC + meminfo(93, "0:53", "fuse.lxcfs") + meminfo(94, "0:70", "tmpfs") + ONLINE);
        assertThat(mounted.missing()).containsExactly(View.MEMINFO);
        assertThat(mounted.stale()).isEmpty();
    }

    @Test
    void containersThatWereBornWithoutLackThemAll() {
        assertThat(of(PROC).missing()).isEqualTo(WANTED);
        assertThat(of(PROC).stale()).isEmpty();
    }

    @Test
    void theDeviceIsThatOfTheTopmost() {
        assertThat(MountedViews.device(PROC + meminfo(93, "0:53", "fuse.lxcfs"), "/proc/meminfo"))
                .contains("0:53");
        assertThat(MountedViews.device(PROC, "/proc/meminfo")).isEmpty();
    }
}
