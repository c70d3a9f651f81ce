// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.operation;

import io.berth.platform.problem.Problem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** A row of the table operations as a record. */
@Component
class OperationRows implements RowMapper<Operation> {
    static final String SELECT =
            "select o.*, t.name as tenant from operations o left join tenants t on t.id = o.tenant_id ";

    private final JsonMapper json;

    OperationRows(JsonMapper json) {
        this.json = json;
    }

    @Override
    public Operation mapRow(ResultSet row, int number) throws SQLException {
        String error = row.getString("error");
        return new Operation(
                row.getObject("id", UUID.class),
                OperationKind.valueOf(row.getString("kind")),
                target(row),
                row.getString("tenant"),
                OperationState.valueOf(row.getString("state")),
                row.getString("progress"),
                row.getString("log"),
                error == null ? null : json.readValue(error, Problem.class),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row, "started_at"),
                instant(row, "finished_at"));
    }

    static Operation.Target target(ResultSet row) throws SQLException {
        return new Operation.Target(
                TargetType.valueOf(row.getString("target_type")),
                row.getString("target_id"),
                row.getString("target_name"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
