// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

import java.time.Duration;

/**
 * How well a caller has shown who they are.
 *
 * @param secondFactor whether more than a password was shown
 * @param isFresh whether it was just now: what can't be undone asks for that
 */
public record Proof(boolean secondFactor, boolean isFresh) {
    /** For how long after somebody has shown who they are they need not do so again. */
    public static final Duration FRESH = Duration.ofMinutes(15);

    /** A program's token: made by somebody who showed enough, and never asked for more. */
    public static final Proof OF_TOKEN = new Proof(false, true);

    /** A password that came with the request itself. */
    public static final Proof OF_PASSWORD = new Proof(false, true);
}
