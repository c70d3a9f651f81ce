// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.core.spec.TenantName;
import io.berth.platform.paging.Orders;
import io.berth.platform.paging.Place;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.berth.platform.trail.Trail;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
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
    private static final String IS_HELD = "exists (select from held_tenants h where h.tenant_id = t.id)";

    /** What a row t of tenants is made of. */
    static final String COLUMNS = """
            t.id, t.name, (select p.name from tenants p where p.id = t.parent_id) as parent, t.created_at,
            case when IS_HELD then 'SUSPENDED' else 'ACTIVE' end as state,
            (select o.name from budgets b join tenants o on o.id = b.tenant_id
                where b.step in ('FREEZE', 'STOP') and o.id in (t.id, t.parent_id) order by o.id = t.id limit 1) as spent,
            t.suspended_at, t.suspended_by, t.suspended_because, t.suspended_containers,
            t.deletion_at, t.deletion_asked_at, t.deletion_by, t.deletion_because
            """.replace("IS_HELD", IS_HELD);

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

    static final Orders<Tenant> ORDERS = new Orders<>(
            "name",
            "t.id",
            Tenant::id,
            List.of(
                    new Orders.Order<>("name", "t.name", Orders.Kind.TEXT, Tenant::name),
                    new Orders.Order<>("createdAt", "t.created_at", Orders.Kind.TIME, Tenant::createdAt)));

    /** Which somebody wants to see; null for any. */
    record Filter(@Nullable TenantState state, @Nullable String parent) {}

    /** Those that the caller may see, one more than the limit where there is more. */
    List<Tenant> list(Caller caller, Filter filter, Place<Tenant> place, int limit) {
        TenantState state = filter.state();
        String conditions = """
                where (:all or exists (select from memberships m where m.user_id = :user
                      and (m.tenant_id = t.id or m.tenant_id = t.parent_id and m.role = 'OWNER')))
                  and (cast(:only as uuid) is null or t.id = :only)
                """
                + (state == null ? "" : " and (case when " + IS_HELD + " then 'SUSPENDED' else 'ACTIVE' end) = :state")
                + (filter.parent() == null
                        ? ""
                        : " and t.parent_id = (select p.id from tenants p where p.name = :parent)");
        return place.bind(jdbc.sql("select " + COLUMNS + " from tenants t " + conditions + place.sql()), limit)
                .param("all", caller.operates(OperatorPower.LOOK))
                .param("user", caller.userId())
                .param("only", caller.onlyTenant())
                .param("state", state == null ? null : state.name())
                .param("parent", filter.parent())
                .query(Tenants::tenant)
                .list();
    }

    /** As it is now, and nobody suspends it or takes that back until the transaction ends. */
    @Transactional(propagation = Propagation.MANDATORY)
    Tenant lock(UUID id) {
        jdbc.sql("select id from tenants where id = :id for no key update")
                .param("id", id)
                .query(UUID.class)
                .single();
        return get(id);
    }

    Tenant get(UUID id) {
        return jdbc.sql("select " + COLUMNS + " from tenants t where t.id = :id")
                .param("id", id)
                .query(Tenants::tenant)
                .single();
    }

    /** Again, it changes how and why; since when it is so, and what is to be set going again, stays. */
    @Transactional
    Tenant suspend(UUID id, Hold hold, @Nullable String reason, Caller by) {
        jdbc.sql("""
                        update tenants set state = 'SUSPENDED', suspended_at = coalesce(suspended_at, now()),
                            suspended_by = :by, suspended_because = coalesce(cast(:reason as text), suspended_because),
                            suspended_containers = :hold
                        where id = :id
                        """)
                .param("by", by.userName())
                .param("reason", reason)
                .param("hold", hold.name())
                .param("id", id)
                .update();
        return held(id);
    }

    @Transactional
    Tenant resume(UUID id) {
        jdbc.sql("""
                        update tenants set state = 'ACTIVE', suspended_at = null, suspended_by = null,
                            suspended_because = null, suspended_containers = null
                        where id = :id
                        """).param("id", id).update();
        return held(id);
    }

    /** Again, it changes when and why. */
    @Transactional
    Tenant deleteLater(UUID id, Duration grace, @Nullable String reason, Caller by) {
        jdbc.sql("""
                        update tenants set deletion_at = now() + make_interval(secs => :grace),
                            deletion_asked_at = coalesce(deletion_asked_at, now()), deletion_by = :by,
                            deletion_because = coalesce(cast(:reason as text), deletion_because)
                        where id = :id
                        """)
                .param("grace", grace.toSeconds())
                .param("reason", reason)
                .param("by", by.userName())
                .param("id", id)
                .update();
        return held(id);
    }

    @Transactional
    Tenant keep(Tenant tenant) {
        int rows = jdbc.sql("""
                        update tenants set deletion_at = null, deletion_asked_at = null, deletion_by = null,
                            deletion_because = null
                        where id = :id and (deletion_at is null or deletion_at > now())
                        """).param("id", tenant.id()).update();
        if (rows == 0) {
            throw new ProblemException(
                    ProblemKind.CONFLICT,
                    "the grace time of tenant '" + tenant.name() + "' is over: it is being deleted, for good");
        }
        return held(tenant.id());
    }

    private Tenant held(UUID id) {
        events.publishEvent(new TenantHeld(id));
        Tenant changed = get(id);
        Trail.after(changed);
        return changed;
    }

    /** Those whose time has come, and those below them, which go first. */
    List<UUID> due() {
        return jdbc.sql("""
                        select t.id from tenants o join tenants t on o.id = t.id or o.id = t.parent_id
                        where o.deletion_at <= now() group by t.id order by t.parent_id nulls last, t.id limit 1000
                        """)
                .query((row, number) -> row.getObject("id", UUID.class))
                .list();
    }

    /** One whose time has come still, and of which nobody else takes care; locked. */
    Optional<Tenant> lockDue(UUID id) {
        boolean isMine =
                jdbc.sql("""
                        select t.id from tenants t
                        where t.id = :id and exists (select from tenants o
                            where (o.id = t.id or o.id = t.parent_id) and o.deletion_at <= now())
                        for no key update of t skip locked
                        """).param("id", id).query(UUID.class).optional().isPresent();
        return isMine ? Optional.of(get(id)) : Optional.empty();
    }

    boolean isEmpty(UUID id) {
        return jdbc.sql("""
                        select not exists (select from containers where tenant_id = :id and deleted_at is null)
                            and not exists (select from volumes where tenant_id = :id)
                            and not exists (select from tenants where parent_id = :id)
                        """).param("id", id).query(Boolean.class).single();
    }

    @Transactional
    void delete(Tenant tenant) {
        events.publishEvent(new TenantGoes(tenant));
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
                    "tenant '" + tenant.name()
                            + "' still has containers, or tenants below it; delete them first, or all of it by PUT …/deletion");
        }
    }

    static Tenant tenant(ResultSet row, int number) throws SQLException {
        return new Tenant(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("parent"),
                TenantState.valueOf(row.getString("state")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                suspension(row),
                deletion(row),
                row.getString("spent"));
    }

    private static @Nullable Suspension suspension(ResultSet row) throws SQLException {
        OffsetDateTime since = row.getObject("suspended_at", OffsetDateTime.class);
        return since == null
                ? null
                : new Suspension(
                        row.getString("suspended_because"),
                        row.getString("suspended_by"),
                        since.toInstant(),
                        Hold.valueOf(row.getString("suspended_containers")));
    }

    private static @Nullable Deletion deletion(ResultSet row) throws SQLException {
        OffsetDateTime at = row.getObject("deletion_at", OffsetDateTime.class);
        return at == null
                ? null
                : new Deletion(
                        at.toInstant(),
                        row.getString("deletion_because"),
                        row.getString("deletion_by"),
                        row.getObject("deletion_asked_at", OffsetDateTime.class).toInstant());
    }
}
