// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.settings;

import java.util.Locale;
import java.util.regex.Pattern;

/** Of whom the platform demands a second factor; tenants demand it of their members by themselves. */
public enum SecondFactorSetting {
    /** Of nobody: who has one is asked for it. */
    OPTIONAL,
    /** Of operators: without it they have no more power than any person. */
    OPERATORS;

    private static final String VARIABLE = "BERTH_SECOND_FACTOR";
    private static final Pattern FORM = Pattern.compile("optional|operators");

    static SecondFactorSetting from(Environment environment) {
        String value = environment.text(VARIABLE, "optional", FORM, "set it to optional or operators");
        return valueOf(value.toUpperCase(Locale.ROOT));
    }
}
