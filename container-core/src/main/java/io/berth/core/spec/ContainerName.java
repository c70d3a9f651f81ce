// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * A container's name within its tenant; also its host name, so an RFC 1123 label that begins with a letter.
 */
public record ContainerName(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

    /** What SSH calls the lobby, so that no container may be called so; the platform sees to that. */
    public static final ContainerName LOBBY = new ContainerName("lobby");

    /** @throws InvalidSpecException when the text is no such name */
    @JsonCreator
    public ContainerName {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidSpecException(
                    "name",
                    "'" + value
                            + "' is no container name; use 1 to 63 of a-z, 0-9 and '-', beginning with a letter, not ending in '-'");
        }
    }

    @JsonValue
    @Override
    public String toString() {
        return value;
    }
}
