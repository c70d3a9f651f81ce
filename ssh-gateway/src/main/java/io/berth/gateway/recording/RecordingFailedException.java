// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.recording;

/** It can't be recorded; the message says why, fit for whoever sits there. */
public final class RecordingFailedException extends Exception {
    RecordingFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    public RecordingFailedException(String message) {
        super(message);
    }
}
