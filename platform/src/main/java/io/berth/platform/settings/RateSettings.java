// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.settings;

import org.jspecify.annotations.Nullable;

/**
 * How many requests a minute are answered; null for no limit.
 *
 * @param credential BERTH_RATE_LIMIT: of each token, session or account
 * @param address BERTH_RATE_LIMIT_ADDRESS: of each address, where no credential is good
 */
public record RateSettings(
        @Nullable Long credential, @Nullable Long address) {
    /** A hundred a second, for hours: more than a portal or an honest script asks for. */
    private static final String MANY = "6000";

    /** Ten a second: whoever has no credential signs in, and looks at the interface's description. */
    private static final String FEW = "600";

    static RateSettings from(Environment environment) {
        Long credential = environment.amount("BERTH_RATE_LIMIT", MANY);
        Long address = environment.amount("BERTH_RATE_LIMIT_ADDRESS", FEW);
        if (Long.valueOf(0).equals(credential) || Long.valueOf(0).equals(address)) {
            throw new InvalidSettingException(
                    "BERTH_RATE_LIMIT and BERTH_RATE_LIMIT_ADDRESS: 0 would answer nobody; set them to a whole number above 0 or '"
                            + Environment.UNLIMITED + "'");
        }
        return new RateSettings(credential, address);
    }
}
