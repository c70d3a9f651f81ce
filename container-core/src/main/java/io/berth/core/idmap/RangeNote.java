// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

import io.berth.core.spec.ContainerId;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a range that was handed out at least once: a line of text, to be read by a person at three in the morning.
 *
 * @param container who has or last had it, null for an image's build
 * @param since when that began, or when it ended for a range in quarantine
 * @param until when its quarantine ends, null while somebody has it
 */
record RangeNote(
        @Nullable ContainerId container,
        Instant since,
        @Nullable Instant until) {
    private static final String BUILD = "image-build";
    private static final Pattern FORM =
            Pattern.compile("(held|quarantined) (" + BUILD + "|[0-9a-f-]{36}) since (\\S+)(?: until (\\S+))?\n");

    static RangeNote held(@Nullable ContainerId container, Instant since) {
        return new RangeNote(container, since, null);
    }

    RangeNote quarantined(Instant since, Instant until) {
        return new RangeNote(container, since, until);
    }

    boolean isHeld() {
        return until == null;
    }

    String text() {
        return (isHeld() ? "held " : "quarantined ") + (container == null ? BUILD : container) + " since " + since
                + (isHeld() ? "" : " until " + until) + "\n";
    }

    /** Empty when the text is no note: what a power cut left of one that had not been forced to disk. */
    static Optional<RangeNote> parse(String text) {
        Matcher fields = FORM.matcher(text);
        if (!fields.matches() || fields.group(1).equals("held") != (fields.group(4) == null)) {
            return Optional.empty();
        }
        String container = fields.group(2);
        return Optional.of(new RangeNote(
                container.equals(BUILD) ? null : ContainerId.of(container),
                Instant.parse(fields.group(3)),
                fields.group(4) == null ? null : Instant.parse(fields.group(4))));
    }
}
