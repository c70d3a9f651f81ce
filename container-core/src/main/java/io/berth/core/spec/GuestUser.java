// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * A user name inside a container, as useradd(8) accepts it; looked up in the container's own passwd, never in the host's.
 */
public record GuestUser(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");

    /** @throws InvalidSpecException when the text is no such name */
    @JsonCreator
    public GuestUser {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidSpecException(
                    "user",
                    "'" + value
                            + "' is no user name; use 1 to 32 of a-z, 0-9, '_' and '-', beginning with a letter or '_'");
        }
    }

    @JsonValue
    @Override
    public String toString() {
        return value;
    }
}
