// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** A snapshot's name within its container; never a path, and never mistaken for a {@link SnapshotId}. */
public record SnapshotName(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?");
    private static final Pattern ID_FORM = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd't'HHmmss.SSS'z'").withZone(ZoneOffset.UTC);

    /** @throws InvalidSpecException when the text is no such name */
    @JsonCreator
    public SnapshotName {
        if (!FORM.matcher(value).matches() || ID_FORM.matcher(value).matches()) {
            throw new InvalidSpecException(
                    "name",
                    "'" + value
                            + "' is no snapshot name; use 1 to 63 of a-z, 0-9, '.', '_' and '-', beginning and ending"
                            + " with a letter or digit, and not an id's form");
        }
    }

    /** One that says what it is and when it was taken: {@code quarantine-20261126t015300.123z}. */
    public static SnapshotName at(String prefix, Instant time) {
        return new SnapshotName(prefix + "-" + TIME.format(time));
    }

    @JsonValue
    @Override
    public String toString() {
        return value;
    }
}
