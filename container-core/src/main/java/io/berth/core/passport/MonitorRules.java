// SPDX-License-Identifier: Apache-2.0
package io.berth.core.passport;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The one process of the host's that every container has. */
final class MonitorRules {
    private MonitorRules() {}

    static List<Line> judge(Facts facts, Expectation expectation) {
        StatusFile status = StatusFile.parse(facts.monitor().status());
        String uids = status.text("Uid").replaceAll("\\s+", " ");
        String uid = Integer.toString(expectation.monitorUid());
        long capabilities = status.hex("CapPrm") | status.hex("CapEff") | status.hex("CapInh") | status.hex("CapAmb");
        return List.of(
                Line.of(
                        "monitor.uids",
                        uids,
                        String.join(" ", uid, uid, uid, uid),
                        "what stays outside with a container's descriptors is nobody of importance"),
                new Line(
                        "monitor.capabilities",
                        expectation.names().apply(capabilities),
                        "none",
                        capabilities == 0,
                        "it needs no privilege to wait for a process and to copy a console"),
                Line.of(
                        "monitor.no_new_privs",
                        status.text("NoNewPrivs"),
                        "1",
                        "no program that it might be made to execute gains privilege"),
                files(facts.monitor().openFiles(), expectation.monitorFiles()));
    }

    private static Line files(Map<Integer, String> found, Map<Integer, String> expected) {
        return new Line(
                "fds.monitor",
                listed(found),
                listed(expected) + "; beside them no file, only objects of the kernel's kept for agents to come",
                found.entrySet().stream()
                        .allMatch(file -> expected.containsKey(file.getKey()) || isKernelObject(file.getValue())),
                "the host holds of a container what the next agent needs, and no file of anybody's");
    }

    /** Where the host keeps its files is not told: tenants read passports. */
    private static String shortened(String target) {
        return target.startsWith("/") && !target.startsWith("/dev/")
                ? target.substring(target.lastIndexOf('/') + 1)
                : target;
    }

    /** Such as the listener of a seccomp filter, which an agent has sent to the monitor. */
    private static boolean isKernelObject(String target) {
        return target.startsWith("anon_inode:") || target.startsWith("pidfd:");
    }

    private static String listed(Map<Integer, String> files) {
        return files.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + " " + shortened(entry.getValue()))
                .collect(Collectors.joining(", "));
    }
}
