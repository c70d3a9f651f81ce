// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

/** The platform said no; the message is its own, with the cure. */
public final class RefusedException extends Exception {
    private final int status;

    /** @param status of HTTP */
    public RefusedException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** Whether the login is over. */
    boolean isOver() {
        return status == 401;
    }
}
