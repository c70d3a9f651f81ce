// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What one look at the host found.
 *
 * @param check what was looked at
 * @param state whether it will do
 * @param found what is there
 * @param cure what to do, null unless missing
 */
public record HostFinding(
        String check, State state, String found, @Nullable String cure) {
    /** Whether it will do. */
    public enum State {
        OK,
        /** Berth does not work without it. */
        MISSING,
        /** Good to know; Berth works either way. */
        NOTE
    }
}
