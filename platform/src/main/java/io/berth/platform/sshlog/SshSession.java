// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshlog;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;

/**
 * A session that is open.
 *
 * @param container {@code lobby} for the lobby
 * @param key fingerprint
 * @param activeAt when somebody last typed, or something was last shown
 * @param ending whether somebody has asked for its end
 */
record SshSession(
        UUID id,
        String tenant,
        String container,
        String guestUser,

        @Schema(description = "shell, exec, forced, sftp or lobby")
        String kind,

        boolean terminal,
        String key,
        String source,
        Instant startedAt,
        Instant activeAt,
        long bytesIn,
        long bytesOut,
        boolean ending) {}
