// SPDX-License-Identifier: Apache-2.0
package io.berth.core.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** cgroup v2 for the containers' own view, and the controllers, in v2 or in v1 hierarchies beside it. */
final class CgroupChecks {
    private static final String CURE = "mount them: systemd does; else mount -t cgroup2 none /sys/fs/cgroup";

    private record Mount(Path point, String type, List<String> options) {}

    private final String instance;

    CgroupChecks(String instance) {
        this.instance = instance;
    }

    List<Finding> all() {
        List<Mount> mounts = mounts();
        Optional<Mount> v2 =
                mounts.stream().filter(mount -> mount.type().equals("cgroup2")).findFirst();
        List<Finding> findings = new ArrayList<>();
        findings.add(v2.map(mount -> hierarchy("cgroup v2", mount))
                .orElseGet(() -> Finding.missing("cgroup v2", "not mounted", CURE)));
        for (String controller : List.of("memory", "cpu", "pids")) {
            findings.add(controller(controller, v2, mounts));
        }
        return findings;
    }

    private Finding controller(String name, Optional<Mount> v2, List<Mount> mounts) {
        String check = "cgroup controller " + name;
        if (v2.isPresent()
                && List.of(KernelChecks.firstLine(v2.get().point().resolve("cgroup.controllers"))
                                .split(" ", -1))
                        .contains(name)) {
            return Finding.ok(check, "in cgroup v2");
        }
        return mounts.stream()
                .filter(mount ->
                        mount.type().equals("cgroup") && mount.options().contains(name))
                .findFirst()
                .map(mount -> hierarchy(check, mount))
                .orElseGet(() -> Finding.missing(check, "not mounted", CURE));
    }

    /** Makes a cgroup of its own and removes it. */
    private Finding hierarchy(String check, Mount mount) {
        return Finding.tried(check, "let root write to " + mount.point(), () -> {
            Path trial = mount.point()
                    .resolve(instance + "-doctor-" + ProcessHandle.current().pid());
            Files.createDirectory(trial);
            Files.delete(trial);
            return "at " + mount.point();
        });
    }

    /** See proc_pid_mountinfo(5): the mount point is the fifth field, type and options follow a hyphen. */
    private static List<Mount> mounts() {
        try {
            List<Mount> mounts = new ArrayList<>();
            for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
                List<String> fields = List.of(line.split(" ", -1));
                int hyphen = fields.indexOf("-");
                mounts.add(new Mount(
                        Path.of(fields.get(4)),
                        fields.get(hyphen + 1),
                        List.of(fields.get(hyphen + 3).split(",", -1))));
            }
            return mounts;
        } catch (IOException e) {
            return List.of();
        }
    }
}
