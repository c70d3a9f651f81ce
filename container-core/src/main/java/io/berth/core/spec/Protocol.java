// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import java.util.Locale;

/** What has ports. */
public enum Protocol {
    TCP,
    UDP;

    /** {@code tcp}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
