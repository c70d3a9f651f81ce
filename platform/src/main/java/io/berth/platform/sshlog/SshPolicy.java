// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshlog;

import io.berth.platform.recording.RecordingWish;
import io.swagger.v3.oas.annotations.media.Schema;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant wants of its sessions; what is null it does not mind.
 *
 * @param motd shown at the beginning of a shell with a terminal
 */
public record SshPolicy(
        @Schema(description = "a session is ended after so many seconds in which nobody typed and nothing was shown")
        @Nullable
        Integer idleSeconds,

        @Schema(description = "how many sessions one container has at most") @Nullable
        Integer containerSessions,

        @Schema(description = "how many sessions the tenant has at most, the lobby's included") @Nullable
        Integer tenantSessions,

        @Nullable String motd,

        @Schema(description = "null: terminals are not recorded; see recording-policy") @Nullable
        RecordingWish recording) {
    /** Of {@link #JOIN}. */
    public static final String SELECTED =
            "p.idle_seconds, p.container_sessions, p.tenant_sessions, p.motd, " + RecordingWish.SELECTED;

    /** Of tenants t. */
    public static final String JOIN = "left join ssh_policies p on p.tenant_id = t.id " + RecordingWish.JOIN + " ";

    /** A tenant that never said anything has all null. */
    public static SshPolicy read(ResultSet row) throws SQLException {
        return new SshPolicy(
                row.getObject("idle_seconds", Integer.class),
                row.getObject("container_sessions", Integer.class),
                row.getObject("tenant_sessions", Integer.class),
                row.getString("motd"),
                RecordingWish.read(row));
    }
}
