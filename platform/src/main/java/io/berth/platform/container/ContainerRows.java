// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.spec.Limits;
import io.berth.core.spec.NetworkMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of the table containers as a record. */
final class ContainerRows {
    static final String SELECT = """
            select c.*, t.name as tenant, n.name as node, array(
                select %s from volume_mounts m join volumes v on v.id = m.volume_id
                where m.container_id = c.id and not m.detaching order by m.path) as volumes
            from containers c join tenants t on t.id = c.tenant_id join nodes n on n.id = c.node_id
            """.formatted(AttachedVolume.TEXT.formatted("v"));

    private ContainerRows() {}

    static Container container(ResultSet row, int number) throws SQLException {
        String observed = row.getString("observed_state");
        return new Container(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("tenant"),
                row.getString("image"),
                row.getString("image_alias"),
                new Limits(
                        row.getLong("memory_bytes"),
                        row.getInt("milli_cpus"),
                        row.getInt("pids"),
                        row.getLong("disk_bytes")),
                row.getObject("throttled_milli_cpus", Integer.class),
                NetworkMode.valueOf(row.getString("network")),
                row.getString("node"),
                DesiredState.valueOf(row.getString("desired_state")),
                observed == null ? null : ObservedState.valueOf(observed),
                row.getLong("generation"),
                List.of((String[]) row.getArray("addresses").getArray()),
                AttachedVolume.all(row.getArray("volumes")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row, "observed_at"),
                instant(row, "started_at"),
                row.getString("last_exit"),
                row.getString("last_error"),
                quarantine(row));
    }

    private static @Nullable Quarantine quarantine(ResultSet row) throws SQLException {
        String reason = row.getString("quarantine_reason");
        return reason == null
                ? null
                : new Quarantine(
                        reason,
                        row.getObject("quarantined_at", OffsetDateTime.class).toInstant(),
                        row.getObject("quarantine_snapshot", UUID.class),
                        row.getString("quarantine_trouble"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
