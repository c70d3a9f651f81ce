// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import org.jspecify.annotations.Nullable;

/**
 * Somebody at a gateway who wants in.
 *
 * @param secondFactor what {@link ShownCodes} gave for a code; null for nothing
 */
record Attempt(
        String userName,
        String publicKey,
        String sourceAddress,
        @Nullable String secondFactor) {
    @Override
    public String toString() {
        return "Attempt[" + userName + "]";
    }
}
