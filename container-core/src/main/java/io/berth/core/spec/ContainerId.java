// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/**
 * A container's identity for its whole life: a UUID, written in its canonical lower-case form. It names directories and
 * cgroups, so it can never carry a path.
 */
public record ContainerId(UUID value) implements Comparable<ContainerId> {

    /** @throws InvalidSpecException when text is not a canonical UUID */
    @JsonCreator
    public static ContainerId of(String text) {
        try {
            UUID uuid = UUID.fromString(text);
            if (uuid.toString().equals(text)) {
                return new ContainerId(uuid);
            }
        } catch (IllegalArgumentException e) {
            throw wrong(text);
        }
        throw wrong(text);
    }

    private static InvalidSpecException wrong(String text) {
        return new InvalidSpecException("id", "'" + text + "' is no container id; it is a UUID in lower case");
    }

    /** The UUID's first eight hexadecimal digits: short enough for an interface's name. */
    public String prefix() {
        return toString().substring(0, 8);
    }

    @Override
    public int compareTo(ContainerId other) {
        return value.compareTo(other.value);
    }

    @JsonValue
    @Override
    public String toString() {
        return value.toString();
    }
}
