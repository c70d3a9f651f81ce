// SPDX-License-Identifier: Apache-2.0
package io.berth.core.ticket;

/** A ticket that is malformed, not signed by the platform, or expired. */
public final class InvalidTicketException extends RuntimeException {
    public InvalidTicketException(String message) {
        super(message);
    }

    public InvalidTicketException(String message, Throwable cause) {
        super(message, cause);
    }
}
