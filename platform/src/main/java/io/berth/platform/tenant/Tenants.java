// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.core.spec.TenantName;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The table of tenants. */
@Component
class Tenants {
    private final JdbcClient jdbc;

    Tenants(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Tenant create(TenantName name) {
        try {
            return jdbc.sql("insert into tenants (id, name) values (:id, :name) returning *")
                    .param("id", UuidCreator.getTimeOrderedEpoch())
                    .param("name", name.value())
                    .query(Tenants::tenant)
                    .single();
        } catch (DuplicateKeyException e) {
            throw ProblemException.taken("tenant", name.value());
        }
    }

    /** Those that the caller may see, by name, one more than the limit where there is more. */
    List<Tenant> list(Caller caller, String after, int limit) {
        return jdbc.sql("""
                        select t.* from tenants t
                        where t.name > :after
                          and (:all or exists (select from memberships m where m.tenant_id = t.id and m.user_id = :user))
                          and (cast(:only as uuid) is null or t.id = :only)
                        order by t.name limit :limit
                        """)
                .param("after", after)
                .param("all", caller.actsAsOperator())
                .param("user", caller.userId())
                .param("only", caller.onlyTenant())
                .param("limit", limit + 1)
                .query(Tenants::tenant)
                .list();
    }

    Tenant setState(UUID id, TenantState state) {
        return jdbc.sql("update tenants set state = :state where id = :id returning *")
                .param("state", state.name())
                .param("id", id)
                .query(Tenants::tenant)
                .single();
    }

    @Transactional
    void delete(Tenant tenant) {
        // What was deleted stays as a record until its tenant goes
        jdbc.sql("delete from containers where tenant_id = :id and deleted_at is not null")
                .param("id", tenant.id())
                .update();
        try {
            jdbc.sql("delete from tenants where id = :id")
                    .param("id", tenant.id())
                    .update();
        } catch (DataIntegrityViolationException e) {
            throw new ProblemException(
                    ProblemKind.CONFLICT, "tenant '" + tenant.name() + "' still has containers; delete them first");
        }
    }

    static Tenant tenant(ResultSet row, int number) throws SQLException {
        return new Tenant(
                row.getObject("id", UUID.class),
                row.getString("name"),
                TenantState.valueOf(row.getString("state")),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
