// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.protocol.AttachRequest.Subsystem;
import io.berth.gateway.audit.AuditEvent.Kind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a client asked for: a login shell where both are null.
 *
 * @param subsystem what runs instead of a shell or a command
 */
record Wanted(@Nullable String command, @Nullable Subsystem subsystem) {
    /** As a session is listed and logged. */
    String kind(Decision.Admitted admitted) {
        return admitted.rules().forcedCommand() != null ? "forced" : kind();
    }

    String kind() {
        if (subsystem != null) {
            return subsystem.name().toLowerCase(Locale.ROOT);
        }
        return command == null ? "shell" : "exec";
    }

    /** As it is audited. */
    Kind event() {
        if (subsystem != null) {
            return Kind.SFTP;
        }
        return command == null ? Kind.SHELL : Kind.EXEC;
    }
}
