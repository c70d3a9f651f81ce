// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * A tenant's name, unique on the platform; the second label of {@code container.tenant}.
 */
public record TenantName(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z]([a-z0-9-]{0,30}[a-z0-9])?");

    /** @throws InvalidSpecException when the text is no such name */
    @JsonCreator
    public TenantName {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidSpecException(
                    "tenant",
                    "'" + value
                            + "' is no tenant name; use 1 to 32 of a-z, 0-9 and '-', beginning with a letter, not ending in '-'");
        }
    }

    @JsonValue
    @Override
    public String toString() {
        return value;
    }
}
