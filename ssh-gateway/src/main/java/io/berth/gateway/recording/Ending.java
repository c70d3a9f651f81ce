// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.recording;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a recording ended.
 *
 * @param at null where the gateway ended first, and nobody knows
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Ending(How how, @Nullable Instant at) {
    /** What there is of it. */
    public enum How {
        /** All. */
        WHOLE,
        /** The session went on, or was ended, when there was no more room. */
        CUT,
        /** The gateway was killed; all but the last moment. */
        INTERRUPTED
    }
}
