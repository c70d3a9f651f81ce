// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** A volume's identity for its whole life: a UUID, written in its canonical lower-case form. It names a directory, so it is never a path. */
public record VolumeId(UUID value) implements Comparable<VolumeId> {

    /** @throws InvalidSpecException when text is not a canonical UUID */
    @JsonCreator
    public static VolumeId of(String text) {
        try {
            UUID uuid = UUID.fromString(text);
            if (uuid.toString().equals(text)) {
                return new VolumeId(uuid);
            }
        } catch (IllegalArgumentException e) {
            throw wrong(text);
        }
        throw wrong(text);
    }

    private static InvalidSpecException wrong(String text) {
        return new InvalidSpecException("volume", "'" + text + "' is no volume id; it is a UUID in lower case");
    }

    @Override
    public int compareTo(VolumeId other) {
        return value.compareTo(other.value);
    }

    @JsonValue
    @Override
    public String toString() {
        return value.toString();
    }
}
