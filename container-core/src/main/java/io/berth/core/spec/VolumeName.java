// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** A volume's name within its tenant, formed as a container's; never a path, and never mistaken for a {@link VolumeId}. */
public record VolumeName(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern ID_FORM = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** @throws InvalidSpecException when the text is no such name */
    @JsonCreator
    public VolumeName {
        if (!FORM.matcher(value).matches() || ID_FORM.matcher(value).matches()) {
            throw new InvalidSpecException(
                    "name",
                    "'" + value
                            + "' is no volume name; use 1 to 63 of a-z, 0-9 and '-', beginning with a letter, not ending in"
                            + " '-', and not an id's form");
        }
    }

    @JsonValue
    @Override
    public String toString() {
        return value;
    }
}
