// SPDX-License-Identifier: Apache-2.0
package io.berth.core.passport;

import org.jspecify.annotations.Nullable;

/** The process that was to be looked at has ended meanwhile. */
public final class ProcessEndedException extends RuntimeException {
    ProcessEndedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
