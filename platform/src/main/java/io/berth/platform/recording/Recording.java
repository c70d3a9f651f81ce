// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.recording;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One terminal's.
 *
 * @param id the session's
 * @param key fingerprint
 */
record Recording(
        UUID id,
        String container,
        String guestUser,
        String key,
        String source,

        @Schema(description = "the command line; null for a login shell") @Nullable
        String title,

        Instant startedAt,

        @Schema(description = "null while it goes on") @Nullable
        Instant endedAt,

        int width,
        int height,

        @Schema(description = "of the cast, so far") long bytes,

        @Schema(description = "whether the operator required it")
        boolean required,

        @Schema(
                description =
                        "WHOLE; CUT: there was no more room; INTERRUPTED: the gateway was killed; null while it goes on")
        @Nullable
        How how) {
    /** What there is of it. */
    enum How {
        WHOLE,
        CUT,
        INTERRUPTED
    }
}
