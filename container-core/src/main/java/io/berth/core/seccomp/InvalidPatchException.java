// SPDX-License-Identifier: Apache-2.0
package io.berth.core.seccomp;

/** Such a patch can't be; the message says why. */
public final class InvalidPatchException extends RuntimeException {
    public InvalidPatchException(String message) {
        super(message);
    }
}
