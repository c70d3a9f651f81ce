// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

/** No public key, or one that nobody may log in with; the message says why and the cure. */
public final class UnfitKeyException extends RuntimeException {
    UnfitKeyException(String message) {
        super(message);
    }
}
