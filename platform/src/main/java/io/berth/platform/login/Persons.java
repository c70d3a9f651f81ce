// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorRole;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Who answers for what a key or certificate does. */
@Component
class Persons {
    private final JdbcClient jdbc;

    Persons(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Caller caller(UUID person, UUID tenant) {
        return jdbc.sql(
                        "select u.id, u.name, u.operator_role, cast(:tenant as uuid) as tenant_id from users u where u.id = :id")
                .param("tenant", tenant)
                .param("id", person)
                .query(Persons::caller)
                .single();
    }

    static Caller caller(ResultSet row, int number) throws SQLException {
        String role = row.getString("operator_role");
        return Caller.inLobby(
                row.getObject("id", UUID.class),
                row.getString("name"),
                role == null ? null : OperatorRole.valueOf(role),
                row.getObject("tenant_id", UUID.class));
    }
}
