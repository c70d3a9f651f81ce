// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/** Whom an invoice is from or to, as it stands on it. */
record Party(
        @NotNull @Schema(example = "Example Ltd") @Pattern(regexp = LINE, message = WISH)
        String legalName,

        @NotNull @Schema(example = "1 High Street") @Pattern(regexp = LINE, message = WISH)
        String street,

        @NotNull @Schema(example = "10115") @Pattern(regexp = LINE, message = WISH)
        String postalCode,

        @NotNull @Schema(example = "Berlin") @Pattern(regexp = LINE, message = WISH)
        String city,

        @NotNull
        @Schema(example = "DE", description = "ISO 3166")
        @Pattern(regexp = "[A-Z]{2}", message = "write two capital letters, such as DE")
        String country,

        @Nullable @Schema(example = "DE123456789") @Pattern(regexp = LINE, message = WISH)
        String taxId) {
    static final String LINE = "(?=.*\\S)[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S} ]{1,100}";
    static final String WISH = "write one line of 1 to 100 letters, digits, punctuation and blanks";

    /** Where nobody has said yet. */
    static Party unnamed(String name) {
        return new Party(name, "-", "-", "-", "ZZ", null); // ISO 3166 leaves ZZ to its users: unknown
    }
}
