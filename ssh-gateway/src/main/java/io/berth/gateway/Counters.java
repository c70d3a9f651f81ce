// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** What has happened since the start; the log shows it once a minute while it changes. Guarded by {@link Admission}. */
final class Counters {
    private final Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
    private final Map<Penalty, Long> penalised = new EnumMap<>(Penalty.class);
    private long accepted;
    private long loggedIn;

    void accepted() {
        accepted++;
    }

    void loggedIn() {
        loggedIn++;
    }

    void refused(Refusal refusal) {
        refused.merge(refusal, 1L, Long::sum);
    }

    long count(Refusal refusal) {
        return refused.getOrDefault(refusal, 0L);
    }

    void penalised(Penalty penalty) {
        penalised.merge(penalty, 1L, Long::sum);
    }

    long count(Penalty penalty) {
        return penalised.getOrDefault(penalty, 0L);
    }

    @Override
    public String toString() {
        StringJoiner line = new StringJoiner(" ").add("accepted=" + accepted).add("logged-in=" + loggedIn);
        for (Refusal refusal : Refusal.values()) {
            line.add("refused-" + name(refusal) + "=" + count(refusal));
        }
        for (Penalty penalty : Penalty.values()) {
            line.add("penalties-" + penalty.keyword() + "=" + count(penalty));
        }
        return line.toString();
    }

    private static String name(Refusal refusal) {
        return refusal.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
