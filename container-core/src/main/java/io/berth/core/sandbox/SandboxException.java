// SPDX-License-Identifier: Apache-2.0
package io.berth.core.sandbox;

/** A process could not lock itself in; the message has the cure. */
public final class SandboxException extends RuntimeException {
    SandboxException(String message, Throwable cause) {
        super(message, cause);
    }
}
