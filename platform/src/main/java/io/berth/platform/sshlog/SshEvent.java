// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshlog;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened.
 *
 * @param session what belongs together
 * @param key fingerprint
 * @param userName as the client sent it
 */
record SshEvent(
        UUID id,
        Instant at,
        Kind kind,
        Outcome outcome,
        @Nullable String tenant,
        @Nullable UUID session,
        @Nullable String key,
        @Nullable String userName,
        String source,
        @Nullable String container,
        @Nullable String guestUser,

        @Schema(description = "a command line, a forward's target, or why it was refused") @Nullable
        String what,

        @Nullable Long bytesIn,
        @Nullable Long bytesOut) {
    /** What happened. */
    enum Kind {
        LOGIN,
        SHELL,
        EXEC,
        SFTP,
        /** What was done to a file over SFTP. */
        FILE,
        /** A line in the lobby. */
        LOBBY,
        SESSION_END,
        CONNECT,
        LISTEN,
        FORWARD_END,
        WAKE,
        /** A terminal that was to be recorded is not, or no longer. */
        RECORDING
    }

    /** How it ended. */
    enum Outcome {
        DONE,
        REFUSED,
        FAILED
    }
}
