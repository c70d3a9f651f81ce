// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * Why an operator has put a container into quarantine, in one line. Its tenant reads it, at a terminal too: nothing that moves a
 * cursor passes.
 */
public record QuarantineReason(String value) {
    private static final Pattern FORM = Pattern.compile("[\\p{L}\\p{N}\\p{P}\\p{S} ]{1,200}");

    /** @throws InvalidSpecException when the text is empty, too long or no plain line */
    @JsonCreator
    public QuarantineReason {
        if (!FORM.matcher(value).matches() || value.isBlank()) {
            throw new InvalidSpecException(
                    "reason", "write one line of 1 to 200 letters, digits, punctuation and blanks, fit for the tenant");
        }
    }

    @JsonValue
    @Override
    public String toString() {
        return value;
    }
}
