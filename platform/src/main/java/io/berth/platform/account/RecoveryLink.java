// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.account;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/** The way back into an account; shown this once, to whoever hands it on. */
record RecoveryLink(
        @Schema(description = "for POST /api/v1/recovery, once")
        String token,

        @Schema(
                description =
                        "of the portal's page that takes it; what stands behind the # never reaches a server's log")
        String path,

        Instant expiresAt) {
    @Override
    public String toString() {
        return "RecoveryLink[" + expiresAt + "]";
    }
}
