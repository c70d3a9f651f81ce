// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * A snapshot's identity: a UUID of version 7 (RFC 9562, 5.7), which begins with the time in milliseconds. So a snapshot needs no
 * note of its age, and ids sort by it.
 */
public record SnapshotId(UUID value) implements Comparable<SnapshotId> {
    private static final int VERSION = 7;
    private static final int TIME_SHIFT = 16;

    /** @throws InvalidSpecException when it is a UUID of another version */
    public SnapshotId {
        if (value.version() != VERSION || value.variant() != 2) {
            throw wrong(value.toString());
        }
    }

    /** @throws InvalidSpecException when text is not a canonical UUID of version 7 */
    @JsonCreator
    public static SnapshotId of(String text) {
        UUID uuid;
        try {
            uuid = UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw wrong(text);
        }
        if (!uuid.toString().equals(text)) {
            throw wrong(text);
        }
        return new SnapshotId(uuid);
    }

    /** One that nobody has yet. */
    public static SnapshotId at(Instant time, RandomGenerator random) {
        long high = time.toEpochMilli() << TIME_SHIFT | VERSION << 12 | random.nextInt(1 << 12);
        long low = random.nextLong() >>> 2 | 1L << 63; // variant 10
        return new SnapshotId(new UUID(high, low));
    }

    private static InvalidSpecException wrong(String text) {
        return new InvalidSpecException(
                "snapshot", "'" + text + "' is no snapshot id; it is a UUID of version 7 in lower case");
    }

    public Instant takenAt() {
        return Instant.ofEpochMilli(value.getMostSignificantBits() >>> TIME_SHIFT);
    }

    /** Oldest first. */
    @Override
    public int compareTo(SnapshotId other) {
        return toString().compareTo(other.toString());
    }

    @JsonValue
    @Override
    public String toString() {
        return value.toString();
    }
}
