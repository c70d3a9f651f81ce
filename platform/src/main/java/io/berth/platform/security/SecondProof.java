// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

import org.jspecify.annotations.Nullable;

/**
 * What somebody shows beside the password; at most one of them is looked at, the code first.
 *
 * @param code six digits of an authenticator
 * @param recoveryCode one of those that were shown once
 */
public record SecondProof(@Nullable String code, @Nullable String recoveryCode) {
    public static final SecondProof NONE = new SecondProof(null, null);

    public boolean isNone() {
        return code == null && recoveryCode == null;
    }

    @Override
    public String toString() {
        return "SecondProof";
    }
}
