// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which sources of one family are refused for what they did, and until when; OpenSSH's srclimit.c. Not safe for threads. */
final class Penalties {
    /** Looking through all of them costs; while they are many, once a second is enough. */
    private static final Duration SWEEP = Duration.ofSeconds(1);

    private final PenaltySettings settings;
    private final int most;
    /** In the order of their first offence. */
    private final Map<InetAddress, Sentence> sentences = new LinkedHashMap<>();

    private Instant swept = Instant.MIN;

    /** @param isServed whether it has reached the minimum, and so is in force */
    private record Sentence(Instant end, boolean isServed) {}

    private static final Sentence NONE = new Sentence(Instant.MIN, false);

    Penalties(PenaltySettings settings, int most) {
        this.settings = settings;
        this.most = most;
    }

    int size() {
        return sentences.size();
    }

    boolean refuses(InetAddress source, Instant now) {
        if (settings.deniesAll() && isFull(now)) {
            return true;
        }
        Sentence sentence = sentences.getOrDefault(source, NONE);
        return sentence.isServed() && now.isBefore(sentence.end());
    }

    /** @return whether the source is refused from now on and was not before */
    boolean add(InetAddress source, Duration duration, Instant now) {
        if (!settings.enabled() || duration.isZero()) {
            return false;
        }
        if (!sentences.containsKey(source) && isFull(now)) {
            if (settings.deniesAll()) {
                return false;
            }
            sentences.remove(sentences.keySet().iterator().next());
        }
        Sentence before = sentences.getOrDefault(source, NONE);
        boolean isRunning = now.isBefore(before.end());
        boolean wasServed = isRunning && before.isServed();
        Instant end = earlier((isRunning ? before.end() : now).plus(duration), now.plus(settings.max()));
        boolean isServed = wasServed || !end.isBefore(now.plus(settings.min()));
        sentences.put(source, new Sentence(end, isServed));
        return isServed && !wasServed;
    }

    private boolean isFull(Instant now) {
        if (sentences.size() >= most && !now.isBefore(swept.equals(Instant.MIN) ? now : swept.plus(SWEEP))) {
            sentences.values().removeIf(sentence -> !now.isBefore(sentence.end()));
            swept = now;
        }
        return sentences.size() >= most;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
