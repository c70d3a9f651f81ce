// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * sshd's PerSourcePenalties, in its own words and with its defaults.
 *
 * @param min accrued before anything is refused
 * @param max accrued at most
 * @param maxSources4 IPv4 sources remembered at once
 * @param maxSources6 IPv6 sources remembered at once
 * @param deniesAll whether everybody is refused while more sources deserve a penalty; else the oldest is forgiven
 */
record PenaltySettings(
        boolean enabled,
        Map<Penalty, Duration> durations,
        Duration min,
        Duration max,
        int maxSources4,
        int maxSources6,
        boolean deniesAll) {
    static final String DEFAULTS = "crash:90 authfail:5 noauth:1 grace-exceeded:10 max:600 min:15 max-sources4:65536 "
            + "max-sources6:65536 overflow:permissive";

    private static final Pattern PAIR = Pattern.compile("([a-z0-9-]+):(permissive|deny-all|([0-9]{1,7})([smhd]?))");
    private static final Map<String, Integer> UNITS = Map.of("", 1, "s", 1, "m", 60, "h", 3600, "d", 86_400);
    private static final Set<String> WORDS = Set.of("permissive", "deny-all");

    PenaltySettings {
        durations = Map.copyOf(durations);
    }

    /** @throws IllegalArgumentException with the cure */
    static PenaltySettings parse(String text) {
        Map<String, String> values = pairs(DEFAULTS);
        boolean enabled = !text.equals("no");
        if (enabled && !text.equals("yes")) {
            values.putAll(pairs(text));
        }
        Map<Penalty, Duration> durations = new EnumMap<>(Penalty.class);
        for (Penalty penalty : Penalty.values()) {
            durations.put(penalty, seconds(values, penalty.keyword()));
        }
        return new PenaltySettings(
                enabled,
                durations,
                seconds(values, "min"),
                seconds(values, "max"),
                (int) seconds(values, "max-sources4").toSeconds(),
                (int) seconds(values, "max-sources6").toSeconds(),
                "deny-all".equals(values.get("overflow")));
    }

    private static Map<String, String> pairs(String text) {
        Map<String, String> values = new HashMap<>();
        for (String pair : text.strip().split("[ \\t]+", -1)) {
            Matcher parts = PAIR.matcher(pair);
            if (!parts.matches()
                    || !(" " + DEFAULTS).contains(" " + parts.group(1) + ":")
                    || parts.group(1).equals("overflow") != WORDS.contains(parts.group(2))) {
                throw new IllegalArgumentException("yes, no, or pairs such as " + DEFAULTS);
            }
            values.put(parts.group(1), parts.group(2));
        }
        return values;
    }

    private static Duration seconds(Map<String, String> values, String name) {
        Matcher parts = PAIR.matcher(name + ":" + values.get(name));
        if (!parts.matches()) {
            throw new IllegalArgumentException("a number for " + name);
        }
        return Duration.ofSeconds(Long.parseLong(parts.group(3)) * UNITS.getOrDefault(parts.group(4), 1));
    }

    Duration of(Penalty penalty) {
        return durations.getOrDefault(penalty, Duration.ZERO);
    }
}
