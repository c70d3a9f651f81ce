// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

/** The gateway cannot start; the message is one line with the cure. */
final class StartException extends RuntimeException {
    StartException(String message) {
        super(message);
    }

    StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
