// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

/** The platform did not decide: out of reach, too slow, or its answer makes no sense. */
final class PlatformSilentException extends Exception {
    PlatformSilentException(String message) {
        super(message);
    }

    PlatformSilentException(String message, Throwable cause) {
        super(message, cause);
    }
}
