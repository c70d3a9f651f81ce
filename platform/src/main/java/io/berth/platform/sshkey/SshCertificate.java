// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A certificate that was issued; its row is the record of who asked for it and when. */
record SshCertificate(
        UUID id,
        long serial,
        String tenant,
        String keyId,
        String fingerprint,
        List<String> principals,

        @Schema(description = "to be saved beside the private key, as id_ed25519-cert.pub for id_ed25519")
        String certificate,

        @Nullable String issuedBy,
        Instant createdAt,
        Instant validBefore,
        @Nullable Instant revokedAt) {}
