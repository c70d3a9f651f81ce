// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * A name for the newest image of a distribution's release, such as {@code debian/bookworm}.
 */
public record ImageAlias(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9.-]{0,31}/[a-z0-9][a-z0-9.-]{0,31}");

    /** @throws InvalidSpecException when the text is no such name */
    @JsonCreator
    public ImageAlias {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidSpecException(
                    "image", "'" + value + "' is no image alias; use DISTRIBUTION/RELEASE, such as 'debian/bookworm'");
        }
    }

    @JsonValue
    @Override
    public String toString() {
        return value;
    }
}
