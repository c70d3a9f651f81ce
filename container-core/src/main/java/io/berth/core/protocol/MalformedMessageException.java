// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

/** Bytes that are no message of this protocol; the message names the field. */
public final class MalformedMessageException extends RuntimeException {
    public MalformedMessageException(String message) {
        super(message);
    }

    public MalformedMessageException(String message, Throwable cause) {
        super(message, cause);
    }
}
