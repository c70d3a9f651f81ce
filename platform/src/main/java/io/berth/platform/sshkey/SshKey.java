// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One key of a tenant's. */
record SshKey(
        UUID id,
        String name,
        String tenant,
        String type,
        String fingerprint,
        String publicKey,
        KeyOptions options,
        Instant createdAt,
        @Nullable Instant lastUsedAt) {}
