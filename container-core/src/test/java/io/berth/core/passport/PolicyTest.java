// SPDX-License-Identifier: Apache-2.0
package io.berth.core.passport;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.spec.ContainerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Policy on texts that Linux 6.18 wrote about a container, and on the same with one thing changed. */
final class PolicyTest {
    private static final ContainerId ID = ContainerId.of("ac3f0e5b-d9b8-476e-9b99-44f8e9cf0d8a");
    private static final String MAP = "         0 1610612736      65536\n";

    private static final String STATUS = """
            Name:\tinit
            Uid:\t1610612736\t1610612736\t1610612736\t1610612736
            CapInh:\t0000000000000000
            CapPrm:\t00000100fdecffff
            CapEff:\t00000100fdecffff
            CapBnd:\t00000100fdecffff
            CapAmb:\t0000000000000000
            NoNewPrivs:\t0
            Seccomp:\t2
            Seccomp_filters:\t1
            """;

    private static final String MOUNTINFO = """
            67 68 0:39 / /dev/pts rw,nosuid,noexec,relatime - devpts devpts rw,mode=620,ptmxmode=666,max=256
            68 73 0:42 / /dev rw,nosuid,noexec,relatime,idmapped - tmpfs dev rw,size=512k,nr_inodes=1024,mode=755
            73 94 0:40 / / rw,relatime - overlay berth rw,lowerdir+=/,upperdir=/upper,workdir=/work,redirect_dir=on
            74 73 0:44 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
            75 73 0:45 / /sys ro,nosuid,nodev,noexec,relatime - sysfs sysfs rw
            76 75 0:38 /bito/ac3f0e5b-d9b8-476e-9b99-44f8e9cf0d8a/payload /sys/fs/cgroup rw,nosuid,nodev,noexec - cgroup2 cgroup2 rw
            78 68 0:46 / /dev/shm rw,nosuid,nodev,relatime - tmpfs tmpfs rw
            """;

    private static final String CGROUP = """
            4:memory:/bito/ac3f0e5b-d9b8-476e-9b99-44f8e9cf0d8a
            1:cpu,cpuacct:/bito/ac3f0e5b-d9b8-476e-9b99-44f8e9cf0d8a
            0::/bito/ac3f0e5b-d9b8-476e-9b99-44f8e9cf0d8a/payload/init.scope
            """;

    private static final String LIMITS = """
            Limit                     Soft Limit           Hard Limit           Units
            Max core file size        0                    unlimited            bytes
            Max open files            1024                 20000                files
            Max nice priority         0                    0
            """;

    private static final String HOST_MOUNTINFO = """
            20 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
            21 20 0:38 / /sys/fs/cgroup rw,relatime shared:2 - cgroup2 cgroup2 rw
            22 20 0:60 / /pool rw,nosuid,nodev - btrfs /dev/loop0 rw
            """;

    private static final Expectation EXPECTATION = new Expectation(
            ID,
            1_610_612_736L,
            0x0000_0100_fdec_ffffL,
            Long::toHexString,
            1,
            "",
            _ -> true,
            Map.of(
                    "", "/bito/" + ID + "/payload",
                    "memory", "/bito/" + ID,
                    "cpu", "/bito/" + ID),
            List.of(),
            65_533,
            Map.of(100, "devpts", 101, "init's pidfd"));

    private static Map<String, Facts.Namespace> namespaces() {
        Map<String, Facts.Namespace> own = new HashMap<>();
        Reader.NAMESPACES.forEach(type -> own.put(type, new Facts.Namespace(100 + type.hashCode() % 50, 7, -1)));
        own.put("user", new Facts.Namespace(7, 1, 1_610_612_736L));
        return own;
    }

    private static Facts.Host host() {
        Map<String, Long> host = new HashMap<>();
        Reader.NAMESPACES.forEach(type -> host.put(type, 1L));
        return new Facts.Host("Linux 6.18", HOST_MOUNTINFO, LIMITS, host);
    }

    private static Facts.Monitor monitor() {
        return new Facts.Monitor(
                "Uid:\t65533\t65533\t65533\t65533\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nNoNewPrivs:\t1\n",
                Map.of(100, "/dev/pts", 101, "anon_inode:[pidfd]"));
    }

    private static Facts.Init init() {
        return new Facts.Init(
                MAP,
                MAP,
                STATUS,
                MOUNTINFO,
                CGROUP,
                LIMITS,
                0,
                "",
                namespaces(),
                List.of(new Facts.OpenFile(0, "/dev/console", 79), new Facts.OpenFile(5, "socket:[12]", 9)),
                true);
    }

    private static Facts.Init with(UnaryOperator<String> status, UnaryOperator<String> mounts) {
        return new Facts.Init(
                MAP,
                MAP,
                status.apply(STATUS),
                mounts.apply(MOUNTINFO),
                CGROUP,
                LIMITS,
                0,
                "",
                namespaces(),
                List.of(),
                true);
    }

    private static List<String> drift(Facts.Init init) {
        return drift(new Facts(init, monitor(), host()));
    }

    private static List<String> drift(Facts facts) {
        return Policy.judge(facts, EXPECTATION).stream()
                .filter(line -> !line.holds())
                .map(Line::item)
                .toList();
    }

    private static List<String> driftOfStatus(String from, String to) {
        return drift(with(status -> replaced(status, from, to), UnaryOperator.identity()));
    }

    private static List<String> driftOfMounts(String from, String to) {
        return drift(with(UnaryOperator.identity(), mounts -> replaced(mounts, from, to)));
    }

    private static String replaced(String text, String from, String to) {
        assertThat(text).contains(from);
        return text.replace(from, to);
    }

    @Test
    void aContainerAsItWasBornHasNone() {
        assertThat(drift(init())).isEmpty();
        assertThat(Policy.judge(new Facts(init(), monitor(), host()), EXPECTATION))
                .allSatisfy(line -> assertThat(line.reason()).isNotBlank())
                .extracting(Line::item)
                .doesNotHaveDuplicates();
    }

    @Test
    void idsThatAreNotItsRangeAre() {
        for (String map : List.of("0 0 4294967295\n", "0 1610612736 65537\n", MAP + "65536 0 1\n")) {
            Facts.Init init = init();
            assertThat(drift(new Facts.Init(
                            map,
                            map,
                            init.status(),
                            init.mountinfo(),
                            init.cgroup(),
                            init.limits(),
                            0,
                            "",
                            init.namespaces(),
                            List.of(),
                            true)))
                    .as(map)
                    .containsExactly("ids.uid_map", "ids.gid_map");
        }
    }

    @Test
    void theHostsNamespaceIsAndOneThatAnotherOwns() {
        for (String type : Reader.NAMESPACES) {
            assertThat(drift(namespace(type, was -> new Facts.Namespace(1, was.owner(), was.ownerUid()))))
                    .as("%s of the host", type)
                    .contains("namespace." + type);
            assertThat(drift(namespace(type, was -> new Facts.Namespace(was.inode(), 12_345, was.ownerUid()))))
                    .as("%s of another owner", type)
                    .containsExactly("namespace." + type);
        }
        assertThat(drift(namespace("user", was -> new Facts.Namespace(was.inode(), was.owner(), 0))))
                .as("charged to the host's root")
                .containsExactly("namespace.user");
    }

    private static Facts.Init namespace(String type, UnaryOperator<Facts.Namespace> change) {
        Map<String, Facts.Namespace> changed = namespaces();
        changed.computeIfPresent(type, (_, was) -> change.apply(was));
        Facts.Init init = init();
        return new Facts.Init(
                init.uidMap(),
                init.gidMap(),
                init.status(),
                init.mountinfo(),
                init.cgroup(),
                init.limits(),
                0,
                "",
                changed,
                List.of(),
                true);
    }

    @Test
    void privilegesAre() {
        assertThat(driftOfStatus("Seccomp:\t2", "Seccomp:\t0")).containsExactly("seccomp.mode");
        assertThat(driftOfStatus("filters:\t1", "filters:\t0")).containsExactly("seccomp.filters");
        assertThat(driftOfStatus("filters:\t1", "filters:\t3")).as("init's own").isEmpty();
        assertThat(driftOfStatus("Seccomp_filters:\t1\n", ""))
                .as("before Linux 5.9")
                .isEmpty();
        assertThat(driftOfStatus("CapBnd:\t00000100fdecffff", "CapBnd:\t000001ffffffffff"))
                .containsExactly("capabilities.bounding");
        assertThat(driftOfStatus("CapEff:\t00000100fdecffff", "CapEff:\t00000100fdedffff"))
                .as("SYS_MODULE alone")
                .containsExactly("capabilities.effective");
        assertThat(driftOfStatus("CapBnd:\t00000100fdecffff", "CapBnd:\t0000000000000000"))
                .as("init gave some up")
                .isEmpty();
        assertThat(driftOfStatus("NoNewPrivs:\t0", "NoNewPrivs:\t1")).isEmpty();
    }

    @Test
    void mountsThatLostAFlagAreCoveredOrGoneAre() {
        assertThat(driftOfMounts("/sys ro,", "/sys rw,")).containsExactly("mount /sys");
        assertThat(driftOfMounts("/proc rw,nosuid,nodev,noexec", "/proc rw,nosuid,nodev"))
                .containsExactly("mount /proc");
        assertThat(driftOfMounts("74 73 0:44 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw\n", ""))
                .containsExactly("mount /proc");
        assertThat(drift(with(
                        UnaryOperator.identity(),
                        mounts -> mounts + "90 74 0:70 / /proc rw,nosuid,nodev,noexec - tmpfs tmpfs rw\n")))
                .as("a mount over it")
                .containsExactly("mount /proc");
        assertThat(drift(with(
                        UnaryOperator.identity(), mounts -> mounts + "90 73 0:70 / /mnt rw shared:9 - tmpfs x rw\n")))
                .as("a tenant's own")
                .isEmpty();
    }

    @Test
    void aFileSystemOfTheHostIs() {
        Function<String, List<String>> more =
                line -> drift(with(UnaryOperator.identity(), mounts -> mounts + line + "\n"));
        assertThat(more.apply("90 73 254:0 /etc /mnt rw - ext4 /dev/vda rw")).containsExactly("mounts.of_host");
        assertThat(more.apply("90 73 0:60 /containers/00000000-0000-4000-8000-000000000001 /mnt rw - btrfs x rw"))
                .as("another container's files")
                .containsExactly("mounts.of_host");
        assertThat(more.apply("90 73 0:60 /containers/" + ID + "/srv /mnt rw - btrfs x rw"))
                .as("a bind mount of its own files")
                .isEmpty();
        assertThat(more.apply("90 73 0:38 / /mnt rw,nosuid,nodev,noexec - cgroup2 x rw"))
                .as("the whole cgroup tree")
                .containsExactly("mounts.of_host");
        assertThat(more.apply("90 73 0:70 / /mnt rw master:1 - tmpfs x rw")).containsExactly("mounts.propagation");
    }

    @Test
    void aVolumesMountWithOtherFlagsIs() {
        String root = "/volumes/00000000-0000-4000-8000-000000000003";
        var having = new Expectation(
                ID,
                EXPECTATION.uidBase(),
                EXPECTATION.capabilities(),
                EXPECTATION.names(),
                1,
                "",
                _ -> true,
                EXPECTATION.cgroups(),
                List.of(new Expectation.Volume("0:60", root, true)),
                65_533,
                EXPECTATION.monitorFiles());
        Function<String, List<String>> more = line -> Policy.judge(
                        new Facts(with(UnaryOperator.identity(), mounts -> mounts + line + "\n"), monitor(), host()),
                        having)
                .stream()
                .filter(it -> !it.holds())
                .map(Line::item)
                .toList();
        assertThat(more.apply("90 73 0:60 " + root + " /srv ro,nosuid,nodev - btrfs x rw"))
                .isEmpty();
        assertThat(more.apply("90 73 0:60 " + root + "/x /mnt rw,nosuid,nodev - btrfs x rw"))
                .containsExactly("mounts.volumes");
        assertThat(more.apply("90 73 0:60 " + root + " /srv ro,nodev - btrfs x rw"))
                .containsExactly("mounts.volumes");
        assertThat(more.apply("90 73 0:60 " + root + "4 /srv ro,nosuid,nodev - btrfs x rw"))
                .as("another volume")
                .containsExactly("mounts.of_host");
    }

    /** CVE-2024-21626's class. */
    @Test
    void aDescriptorThatLeadsToTheHostIs() {
        Facts.Init init = init();
        List<Facts.OpenFile> files = new ArrayList<>(init.openFiles());
        files.add(new Facts.OpenFile(7, "/sys/fs/cgroup", 21));
        Facts.Init leaking = new Facts.Init(
                init.uidMap(),
                init.gidMap(),
                init.status(),
                init.mountinfo(),
                init.cgroup(),
                init.limits(),
                0,
                "",
                init.namespaces(),
                files,
                true);
        assertThat(drift(leaking)).containsExactly("fds.init");
    }

    @Test
    void limitsRankAndCgroupAre() {
        Facts.Init init = init();
        Facts.Init changed = new Facts.Init(
                init.uidMap(),
                init.gidMap(),
                init.status(),
                init.mountinfo(),
                "4:memory:/\n1:cpu,cpuacct:/bito/" + ID + "\n0::/bito/" + ID + "\n",
                init.limits().replace("20000", "20001"),
                -900,
                "",
                init.namespaces(),
                List.of(),
                false);
        assertThat(drift(changed))
                .containsExactly(
                        "mounts.number",
                        "cgroup.member.v2",
                        "cgroup.member.memory",
                        "oom_score_adj",
                        "rlimit.open_files");
    }

    @Test
    void aMonitorWithMoreThanItNeedsIs() {
        Facts.Monitor monitor = new Facts.Monitor(
                monitor()
                        .status()
                        .replace("Uid:\t65533\t65533", "Uid:\t0\t65533")
                        .replace("CapEff:\t0000000000000000", "CapEff:\t0000000000000001")
                        .replace("NoNewPrivs:\t1", "NoNewPrivs:\t0"),
                Map.of(100, "/dev/pts", 3, "/etc/shadow"));
        assertThat(drift(new Facts(init(), monitor, host())))
                .containsExactly("monitor.uids", "monitor.capabilities", "monitor.no_new_privs", "fds.monitor");
        Facts.Monitor storing =
                new Facts.Monitor(monitor().status(), Map.of(100, "/dev/pts", 0, "anon_inode:seccomp notify"));
        assertThat(drift(new Facts(init(), storing, host())))
                .as("kept for agents to come")
                .isEmpty();
    }

    @Test
    void aLabelThatIsAskedForAndMissingIs() {
        Expectation labelled = new Expectation(
                ID,
                EXPECTATION.uidBase(),
                EXPECTATION.capabilities(),
                EXPECTATION.names(),
                1,
                "berth-ac3f0e5b (enforce)",
                "berth-ac3f0e5b (enforce)"::equals,
                EXPECTATION.cgroups(),
                List.of(),
                65_533,
                EXPECTATION.monitorFiles());
        assertThat(Policy.judge(new Facts(init(), monitor(), host()), labelled))
                .filteredOn(line -> !line.holds())
                .extracting(Line::item)
                .containsExactly("lsm.label");
    }

    /** A tenant names mounts and files. */
    @Test
    void whateverATenantNamesThingsALineIsPlainAndBounded() {
        Line line = new Line("mount /\u001b[2J\u202e", "é".repeat(1000), "x", true, "a reason");
        assertThat(line.item()).isEqualTo("mount /?[2J?");
        assertThat(line.found()).hasSize(256).endsWith("?...");
    }
}
