// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.core.spec.TenantName;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import io.berth.platform.trail.Trail;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The table of tenants. */
@Component
class Tenants {
    /** What a row t of tenants is made of. */
    static final String COLUMNS =
            "t.id, t.name, (select p.name from tenants p where p.id = t.parent_id) as parent, t.state, t.created_at";

    private final JdbcClient jdbc;
    private final ApplicationEventPublisher events;

    Tenants(JdbcClient jdbc, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.events = events;
    }

    /** @param parent the tenant that it is to be below, null for none */
    @Transactional(propagation = Propagation.MANDATORY)
    Tenant create(TenantName name, @Nullable Tenant parent) {
        UUID id = UuidCreator.getTimeOrderedEpoch();
        UUID parentId = parent == null ? null : parent.id();
        try {
            Tenant made = jdbc.sql(
                            "insert into tenants as t (id, name, parent_id) values (:id, :name, :parent) returning "
                                    + COLUMNS)
                    .param("id", id)
                    .param("name", name.value())
                    .param("parent", parentId, Types.OTHER)
                    .query(Tenants::tenant)
                    .single();
            events.publishEvent(new TenantCreated(id, parentId));
            return made;
        } catch (DuplicateKeyException e) {
            throw ProblemException.taken("tenant", name.value());
        }
    }

    /** Those that the caller may see, by name, one more than the limit where there is more. */
    List<Tenant> list(Caller caller, String after, int limit) {
        return jdbc.sql("""
                        select COLUMNS from tenants t
                        where t.name > :after
                          and (:all or exists (select from memberships m where m.user_id = :user
                              and (m.tenant_id = t.id or m.tenant_id = t.parent_id and m.role = 'OWNER')))
                          and (cast(:only as uuid) is null or t.id = :only)
                        order by t.name limit :limit
                        """.replace("COLUMNS", COLUMNS))
                .param("after", after)
                .param("all", caller.actsAsOperator())
                .param("user", caller.userId())
                .param("only", caller.onlyTenant())
                .param("limit", limit + 1)
                .query(Tenants::tenant)
                .list();
    }

    @Transactional
    Tenant setState(UUID id, TenantState state) {
        Tenant changed = jdbc.sql("update tenants t set state = :state where id = :id returning " + COLUMNS)
                .param("state", state.name())
                .param("id", id)
                .query(Tenants::tenant)
                .single();
        Trail.after(changed);
        return changed;
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
                    ProblemKind.CONFLICT,
                    "tenant '" + tenant.name() + "' still has containers, or tenants below it; delete them first");
        }
    }

    static Tenant tenant(ResultSet row, int number) throws SQLException {
        return new Tenant(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("parent"),
                TenantState.valueOf(row.getString("state")),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
