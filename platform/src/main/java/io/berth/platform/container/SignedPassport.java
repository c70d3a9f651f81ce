// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * A passport that can be shown to somebody who does not trust the one who shows it.
 *
 * @param statement the signed bytes
 * @param signature over exactly these
 * @param keyFingerprint which key, as GET /passport-key hands it out
 */
record SignedPassport(
        @Schema(description = "base64 of the signed JSON text; its field purpose is berth-passport-v1")
        String statement,

        @Schema(description = "base64 of the Ed25519 signature (RFC 8032) over those bytes")
        String signature,

        @Schema(description = "SHA256: and base64 of the public key's SHA-256")
        String keyFingerprint) {}
