// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.protocol.Denial;
import io.berth.core.protocol.RuleCount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one container was denied: a count per rule, and the last different denials. */
final class DenialLog {
    /** Different ones: a loop over a denied call is one entry and doesn't push out the others. */
    static final int MOST = 200;

    /** Rules are a closed set, but a filter of an older agent may know others; a tenant must not fill memory. */
    private static final int MOST_RULES = 1000;

    private record Kind(String rule, String call, String process) {}

    private record Total(long count, String reason) {}

    private final Map<String, Total> totals = new TreeMap<>();
    private final LinkedHashMap<Kind, Denial> recent = new LinkedHashMap<>();

    /** @param seen one denial: {@code times} is 1, {@code first} is {@code last} */
    synchronized void note(Denial seen, String reason) {
        Total total = totals.get(seen.rule());
        if (total != null || totals.size() < MOST_RULES) {
            totals.put(seen.rule(), new Total(total == null ? 1 : total.count + 1, reason));
        }
        Kind kind = new Kind(seen.rule(), seen.call(), seen.process());
        Denial before = recent.remove(kind);
        recent.put(kind, before == null ? seen : again(before, seen));
        if (recent.size() > MOST) {
            recent.pollFirstEntry();
        }
    }

    private static Denial again(Denial before, Denial seen) {
        Instant last = seen.last();
        return new Denial(
                seen.rule(),
                seen.call(),
                seen.error(),
                seen.process(),
                seen.pid(),
                before.times() + 1,
                before.first(),
                last);
    }

    synchronized List<RuleCount> counts() {
        return totals.entrySet().stream()
                .map(entry -> new RuleCount(entry.getKey(), entry.getValue().count, entry.getValue().reason))
                .toList();
    }

    /** The newest first. */
    synchronized List<Denial> recent() {
        return new ArrayList<>(recent.values()).reversed();
    }
}
