// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lsm;

/** The security module's policy could not be made or loaded. */
public final class LsmException extends RuntimeException {
    LsmException(String message) {
        super(message);
    }

    LsmException(String message, Throwable cause) {
        super(message, cause);
    }
}
