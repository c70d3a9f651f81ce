// SPDX-License-Identifier: Apache-2.0
package io.berth.core.doctor;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What one look at the host found.
 *
 * @param check what was looked at
 * @param state whether it will do
 * @param found what is there
 * @param cure what to do, null unless missing
 */
public record Finding(
        String check, State state, String found, @Nullable String cure) {
    /** Whether it will do. */
    public enum State {
        OK,
        /** Berth does not work without it. */
        MISSING,
        /** Good to know; Berth works either way. */
        NOTE
    }

    static Finding ok(String check, String found) {
        return new Finding(check, State.OK, found, null);
    }

    static Finding note(String check, String found) {
        return new Finding(check, State.NOTE, found, null);
    }

    static Finding missing(String check, String found, String cure) {
        return new Finding(check, State.MISSING, found, cure);
    }

    /** Tries something; what it throws is what was found. */
    static Finding tried(String check, String cure, Callable<String> attempt) {
        try {
            return ok(check, attempt.call());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return missing(check, "interrupted", cure);
        } catch (Exception e) {
            return missing(check, reason(e), cure);
        }
    }

    private static String reason(Exception e) {
        Throwable cause = e.getCause() != null && e.getMessage() == null ? e.getCause() : e;
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
