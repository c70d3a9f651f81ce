// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.agent.ChildJvm;
import io.berth.core.doctor.HostDoctor;
import io.berth.core.spec.ContainerId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A host without lxcfs: an agent in a mount namespace where the program is /dev/null. Needs root. */
class NoLxcfsIT {
    private static final Path LXCFS = Path.of("/usr/bin/lxcfs");

    /** Prints what a container sees, and what the doctor says, as {@code NAME=VALUE}. */
    static final class Without {
        private Without() {}

        public static void main(String[] args) throws IOException {
            try (TestNode test = TestNode.open(RuntimeSettings.StorageDriver.OVERLAY, 8)) {
                ContainerId id = test.start("box");
                say("meminfo", test, id, "sed -n 's/^MemTotal: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo");
                say(
                        "sysinfo",
                        test,
                        id,
                        "free | sed -n 's/^Mem: *\\([0-9]\\{6\\}\\).*/\\1/p'"); // its other columns mix both
                say("nproc", test, id, "nproc");
                say("online", test, id, "cat /sys/devices/system/cpu/online");
                say("uptime", test, id, "test $(cut -d. -f1 /proc/uptime) -lt 60 && echo own");
                say("mounts", test, id, "grep -c lxcfs /proc/self/mountinfo");
                say("load", test, id, "uptime | grep -c 'load average: [0-9]'");
                boolean drifts = test.node().passport(id).lines().stream()
                        .anyMatch(line -> line.item().startsWith("mount") && line.differs());
                System.out.println("drift=" + drifts);
            }
            new HostDoctor()
                    .findings().stream()
                            .filter(finding -> finding.check().equals("lxcfs"))
                            .forEach(
                                    finding -> System.out.println("doctor=" + finding.state() + " " + finding.found()));
        }

        private static void say(String name, TestNode test, ContainerId id, String command) {
            System.out.println(name + "=" + test.run(id, command).out().strip());
        }
    }

    @Test
    void containersStartSeeTheHostsFiguresAndTheDoctorSaysSo() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c"));
        command.add((Files.exists(LXCFS) ? "mount --bind /dev/null " + LXCFS + " && " : "") + "exec \"$@\"");
        command.add("sh");
        command.addAll(ChildJvm.command(Without.class));
        Process child = ChildJvm.builder(Map.of(), command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(said).isZero();
        Map<String, String> seen = new LinkedHashMap<>();
        said.lines()
                .map(line -> line.split("=", 2))
                .filter(pair -> pair.length == 2)
                .forEach(pair -> seen.put(pair[0], pair[1]));
        String host = Files.readAllLines(Path.of("/proc/meminfo")).getFirst().replaceAll("\\D+", "");
        assertThat(seen)
                .containsEntry("meminfo", host)
                .containsEntry(
                        "online",
                        Files.readString(Path.of("/sys/devices/system/cpu/online"))
                                .strip())
                // what the agent and the time namespace answer by themselves stays the container's
                .containsEntry("sysinfo", "262144")
                .containsEntry("nproc", "1")
                .containsEntry("uptime", "own")
                .containsEntry("load", "1")
                .containsEntry("mounts", "0")
                .containsEntry("drift", "false");
        assertThat(seen.get("doctor")).startsWith("NOTE not there").contains("apt-get install lxcfs");
    }
}
