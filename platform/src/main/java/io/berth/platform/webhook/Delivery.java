// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.webhook;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A message on its way to an endpoint. */
record Delivery(
        @Schema(description = "their order") long number,

        @Schema(description = "also in the header webhook-id, after 'msg_'")
        UUID message,

        EventType type,
        Instant at,
        State state,

        @Schema(description = "since it was made, or asked for again")
        int tries,

        @Schema(description = "null when it is done") @Nullable
        Instant nextAt,

        @Nullable Instant doneAt,

        @Schema(description = "as it was or will be sent", type = "string")
        String body) {
    /** What became of it. */
    enum State {
        PENDING,
        DELIVERED,
        /** It was tried for three days. */
        FAILED
    }

    /** One try. */
    record Attempt(
            Instant at,

            @Schema(description = "of the answer; null: there was none") @Nullable
            Integer status,

            @Schema(description = "null: it was taken") @Nullable
            String trouble,

            int milliseconds) {}
}
