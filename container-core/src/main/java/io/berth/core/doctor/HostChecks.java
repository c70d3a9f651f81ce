// SPDX-License-Identifier: Apache-2.0
package io.berth.core.doctor;

import io.berth.core.agent.AgentSettings;
import io.berth.core.agent.HostUsers;
import io.berth.core.linux.ProcessCalls;
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
        findings.add(lxcfs());
        HostUsers users = HostUsers.read();
        AgentSettings agent = host.agent();
        Stream.of(agent.platformUser(), agent.gatewayUser(), agent.monitorUser())
                .forEach(name -> findings.add(user(users, name)));
        if (host.ownsDatabase()) {
            findings.add(user(users, host.postgresUser()));
        }
        findings.addAll(new IdChecks(agent).all());
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

    /** Containers run without it. */
    private static Finding lxcfs() {
        String absent = Program.find("lxcfs").isEmpty()
                ? "apt-get install lxcfs (./berth up does)"
                : Files.exists(Path.of("/dev/fuse")) ? "" : "modprobe fuse";
        return absent.isEmpty()
                ? Finding.ok("lxcfs", "containers see the memory, processors and load of their own")
                : Finding.note("lxcfs", "not there, so containers see those of the host: " + absent);
    }

    private static Finding user(HostUsers users, String name) {
        OptionalInt uid = users.find(name);
        return uid.isPresent()
                ? Finding.ok("user " + name, "uid " + uid.getAsInt())
                : Finding.missing("user " + name, "not there", "./berth up makes it");
    }
}
