// SPDX-License-Identifier: Apache-2.0
package io.berth.core.doctor;

import io.berth.core.agent.AgentSettings;
import io.berth.core.agent.HostUsers;
import io.berth.core.idmap.SubordinateIds;
import io.berth.core.idmap.UidLedger;
import io.berth.core.linux.ProcessCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Programs, users, uid ranges and cgroups of the host. */
final class HostChecks {
    private static final int JDK = 25;
    private static final long WHOLE_MAP = 4_294_967_295L; // the initial user namespace's own

    private record Wanted(String program, String name) {}

    private static final List<Wanted> PROGRAMS = List.of(
            new Wanted("dnsmasq", "dnsmasq-base"),
            new Wanted("nft", "nftables"),
            new Wanted("ip", "iproute2"),
            new Wanted("debootstrap", "debootstrap"),
            new Wanted("mkfs.btrfs", "btrfs-progs"),
            new Wanted("busybox", "busybox-static"));

    private final HostSettings host;

    HostChecks(HostSettings host) {
        this.host = host;
    }

    List<Finding> all() {
        List<Finding> findings = new ArrayList<>();
        findings.add(root());
        findings.add(jdk());
        PROGRAMS.forEach(program -> findings.add(program(program)));
        HostUsers users = HostUsers.read();
        AgentSettings agent = host.agent();
        Stream.of(agent.platformUser(), agent.gatewayUser(), agent.monitorUser())
                .forEach(name -> findings.add(user(users, name)));
        if (host.ownsDatabase()) {
            findings.add(user(users, host.postgresUser()));
        }
        findings.add(uidRanges());
        findings.addAll(new CgroupChecks(agent.instance()).all());
        return findings;
    }

    private static Finding root() {
        return ProcessCalls.getuid() == 0
                ? Finding.ok("root", "yes")
                : Finding.missing("root", "uid " + ProcessCalls.getuid(), "run it as root: sudo ./berth doctor");
    }

    private static Finding jdk() {
        int found = Runtime.version().feature();
        return found >= JDK
                ? Finding.ok("JDK", Runtime.version().toString())
                : Finding.missing("JDK", Integer.toString(found), "./berth up finds or installs JDK " + JDK);
    }

    private static Finding program(Wanted wanted) {
        String check = "program " + wanted.program();
        Optional<Path> found = Program.find(wanted.program());
        return found.isPresent()
                ? Finding.ok(check, found.get().toString())
                : Finding.missing(check, "not there", "apt-get install " + wanted.name() + " (./berth up does)");
    }

    private static Finding user(HostUsers users, String name) {
        OptionalInt uid = users.find(name);
        return uid.isPresent()
                ? Finding.ok("user " + name, "uid " + uid.getAsInt())
                : Finding.missing("user " + name, "not there", "./berth up makes it");
    }

    private Finding uidRanges() {
        long first = host.agent().uidBase();
        long end = first + (long) host.agent().uidRanges() * UidLedger.RANGE;
        String check = "uids " + first + " to " + (end - 1);
        List<String> others = new ArrayList<>();
        SubordinateIds.read(List.of(Path.of("/etc/subuid"), Path.of("/etc/subgid"))).stream()
                .filter(foreign -> foreign.first() < end && first < foreign.first() + foreign.count())
                .forEach(foreign -> others.add(foreign.owner()));
        others.addAll(liveMaps(first, end));
        return others.isEmpty()
                ? Finding.ok(check, "used by nobody else")
                : Finding.missing(
                        check,
                        "used by " + String.join(", ", others.subList(0, Math.min(others.size(), 5))),
                        "set BERTH_UID_BASE to a free range");
    }

    private List<String> liveMaps(long first, long end) {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .filter(path -> overlaps(path, first, end) && !isOurs(path))
                    .map(path -> "process " + path.getFileName())
                    .toList();
        } catch (IOException e) {
            return List.of("somebody: /proc cannot be read");
        }
    }

    private static boolean overlaps(Path process, long first, long end) {
        return lines(process.resolve("uid_map")).stream()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(fields -> fields.length == 3)
                .anyMatch(fields -> {
                    long outside = Long.parseLong(fields[1]);
                    long count = Long.parseLong(fields[2]);
                    return count != WHOLE_MAP && outside < end && first < outside + count;
                });
    }

    /** Our containers are below a cgroup of our instance's name in every hierarchy. */
    private boolean isOurs(Path process) {
        return lines(process.resolve("cgroup")).stream()
                .anyMatch(line -> line.contains("/" + host.agent().instance() + "/"));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of(); // it has ended
        }
    }
}
