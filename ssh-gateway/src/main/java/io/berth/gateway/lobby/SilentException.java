// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

/** The platform does not answer, or makes no sense. */
public final class SilentException extends Exception {
    public SilentException(String message, Throwable cause) {
        super(message, cause);
    }

    public SilentException(String message) {
        super(message);
    }
}
