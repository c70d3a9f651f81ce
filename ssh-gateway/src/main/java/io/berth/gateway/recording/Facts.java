// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.recording;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a recording from its beginning on; kept beside it, and told to the platform with each part.
 *
 * @param id the session's
 * @param key fingerprint
 * @param required whether it goes on only as long as it is recorded
 * @param title the command line; null for a login shell
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Facts(
        UUID id,
        String tenant,
        String container,
        String guestUser,
        String key,
        String source,
        Instant startedAt,
        int columns,
        int rows,
        boolean required,
        @Nullable String title) {
    private static final int MOST_TITLE = 1024;

    public Facts {
        if (title != null) {
            String cut = title.length() <= MOST_TITLE ? title : title.substring(0, MOST_TITLE - 1) + "…";
            title = cut.replace('\0', '?');
        }
    }
}
