// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

/** The host could not do what the network needs; the message says what and, where one is known, the cure. */
public final class NetworkException extends RuntimeException {
    public NetworkException(String message) {
        super(message);
    }

    public NetworkException(String message, Throwable cause) {
        super(message, cause);
    }
}
