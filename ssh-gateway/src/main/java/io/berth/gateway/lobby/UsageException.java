// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

/** What was typed can't be meant; the message says why. */
final class UsageException extends RuntimeException {
    UsageException(String message) {
        super(message);
    }
}
