// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's own CA: certificates that it signs open what they name, within what is granted to it.
 *
 * @param publicKey type and base64
 * @param addedBy null when that account is gone
 */
record SshAuthority(
        UUID id,
        String tenant,
        String name,
        String publicKey,
        String fingerprint,

        @Schema(description = "what its certificates may open at most: USER+CONTAINER, * for any of them")
        List<String> principals,

        @Nullable String addedBy,
        Instant createdAt) {}
