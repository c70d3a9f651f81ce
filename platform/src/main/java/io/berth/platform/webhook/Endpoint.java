// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.webhook;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where messages go. */
record Endpoint(
        UUID id,
        String url,
        @Nullable String label,

        @Schema(description = "what is told; none: everything")
        List<EventType> types,

        boolean enabled,

        @Schema(description = "why the platform has disabled it") @Nullable
        String disabledBecause,

        Instant createdAt,

        @Schema(description = "what messages are signed with; shown when it is made, and never again") @Nullable
        String secret,

        @JsonIgnore long version) {
    Endpoint {
        types = List.copyOf(types);
    }

    String etag() {
        return "\"" + version + "\"";
    }

    Endpoint withSecret(@Nullable String shown) {
        return new Endpoint(id, url, label, types, enabled, disabledBecause, createdAt, shown, version);
    }
}
