// SPDX-License-Identifier: Apache-2.0
package io.berth.core.passport;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where PID 1 is among cgroups, its rlimits, and its rank when memory runs out. */
final class ResourceRules {
    /** {@code Max open files            1024                 524288               files}: fs/proc/base.c. */
    private static final Pattern LIMIT = Pattern.compile("Max (.+?) {2,}(\\S+) +(\\S+).*");

    private ResourceRules() {}

    static List<Line> judge(Facts facts, Expectation expectation) {
        List<Line> lines = new ArrayList<>(membership(facts.init().cgroup(), expectation));
        int score = facts.init().oomScoreAdj();
        lines.add(new Line(
                "oom_score_adj",
                Integer.toString(score),
                "0 or more",
                score >= 0,
                "no container is spared when the host runs out of memory"));
        Map<String, String> host = hardLimits(facts.host().limits());
        hardLimits(facts.init().limits())
                .forEach((name, limit) -> lines.add(rlimit(name, limit, host.getOrDefault(name, "unlimited"))));
        return lines;
    }

    /** Below where init was born its root may make cgroups as it likes; in front of that stands what the reader's own namespace adds. */
    private static List<Line> membership(String text, Expectation expectation) {
        Map<String, String> found = cgroups(text);
        List<Line> lines = new ArrayList<>();
        expectation.cgroups().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> {
                    String path = found.getOrDefault(entry.getKey(), "in none");
                    lines.add(new Line(
                            "cgroup.member." + (entry.getKey().isEmpty() ? "v2" : entry.getKey()),
                            path,
                            "at or below " + entry.getValue(),
                            (path + "/").contains(entry.getValue() + "/"),
                            "its limits hold only for who is in there"));
                });
        return lines;
    }

    /** {@code 4:memory:/path} a line, see cgroups(7); a hierarchy of v1 may bear several controllers. */
    private static Map<String, String> cgroups(String text) {
        Map<String, String> cgroups = new LinkedHashMap<>();
        text.lines().map(line -> line.split(":", 3)).forEach(parts -> {
            for (String controller : parts[1].split(",", -1)) {
                cgroups.put(controller, parts[2]);
            }
        });
        return cgroups;
    }

    private static Map<String, String> hardLimits(String limits) {
        Map<String, String> hard = new LinkedHashMap<>();
        limits.lines()
                .map(LIMIT::matcher)
                .filter(Matcher::matches)
                .forEach(line -> hard.put(line.group(1), line.group(3)));
        return hard;
    }

    private static Line rlimit(String name, String found, String most) {
        return new Line(
                "rlimit." + name.replace(' ', '_'),
                found,
                "at most " + most,
                isAtMost(found, most),
                "a hard limit is the host's: only CAP_SYS_RESOURCE of the initial user namespace raises it");
    }

    private static boolean isAtMost(String found, String most) {
        if (most.equals("unlimited")) {
            return true;
        }
        return !found.equals("unlimited") && Long.parseLong(found) <= Long.parseLong(most);
    }
}
