// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import jakarta.servlet.http.HttpServletRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** The one place that decides whether a caller may do something in a tenant. An owner of the tenant above is one of those below. */
@Component
public class TenantAccess {
    private static final String SELECT = """
            select COLUMNS, coalesce(m.role, above.role) as role,
                exists (select from sign_in_policies s where s.tenant_id in (t.id, t.parent_id) and s.second_factor)
                    as second_factor
            from tenants t left join memberships m on m.tenant_id = t.id and m.user_id = :user
                left join memberships above on above.tenant_id = t.parent_id and above.user_id = :user
                    and above.role = 'OWNER'
            """.replace("COLUMNS", Tenants.COLUMNS);

    private static final String HANDED_OVER = TenantAccess.class.getName();

    /** From the gate to the handler is a millisecond or so, unless the client sends its body slowly. */
    private static final long HELD_GOOD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final JdbcClient jdbc;

    TenantAccess(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private record Found(Tenant tenant, @Nullable Role role, boolean demandsSecondFactor) {}

    /** What the gate has found for the handler behind it. */
    private record HandedOver(UUID user, String tenantName, Optional<Found> found, long nanos) {}

    /** @throws ProblemException NOT_FOUND where the caller may not even know that the tenant exists */
    public Tenant require(Caller caller, String tenantName, Permission permission) {
        return judged(
                caller,
                handedOver(caller, tenantName).orElseGet(() -> find(caller, tenantName)),
                permission,
                tenantName);
    }

    /** For {@link TenantGate}: what is found serves the handler as well, which asks the same a moment later. */
    Tenant enter(Caller caller, String tenantName, HttpServletRequest request) {
        Optional<Found> found = find(caller, tenantName);
        request.setAttribute(HANDED_OVER, new HandedOver(caller.userId(), tenantName, found, System.nanoTime()));
        return judged(caller, found, Permission.READ, tenantName);
    }

    /** Once, and at once: a stream that asks again, or a body that comes slowly, is to hear what holds by then. */
    private static Optional<Optional<Found>> handedOver(Caller caller, String tenantName) {
        if (!(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)
                || !(attributes.getRequest().getAttribute(HANDED_OVER) instanceof HandedOver it)) {
            return Optional.empty();
        }
        attributes.getRequest().removeAttribute(HANDED_OVER);
        boolean isTheSame = it.user().equals(caller.userId()) && it.tenantName().equals(tenantName);
        return isTheSame && System.nanoTime() - it.nanos() < HELD_GOOD_NANOS
                ? Optional.of(it.found())
                : Optional.empty();
    }

    private Optional<Found> find(Caller caller, String tenantName) {
        return jdbc.sql(SELECT + "where t.name = :name")
                .param("user", caller.userId())
                .param("name", tenantName)
                .query(TenantAccess::found)
                .optional();
    }

    public Tenant require(Caller caller, UUID tenantId, Permission permission) {
        Optional<Found> found = jdbc.sql(SELECT + "where t.id = :id")
                .param("user", caller.userId())
                .param("id", tenantId)
                .query(TenantAccess::found)
                .optional();
        return judged(caller, found, permission, tenantId.toString());
    }

    private static Tenant judged(Caller caller, Optional<Found> found, Permission permission, String name) {
        Found seen =
                found.filter(it -> maySee(caller, it)).orElseThrow(() -> ProblemException.notFound("tenant", name));
        if (caller.operates(power(permission))) {
            return seen.tenant();
        }
        Role role = seen.role() == null && caller.isInBy(seen.tenant().id()) ? Role.MEMBER : seen.role();
        if (role == null || !role.may(permission)) {
            throw new ProblemException(
                    ProblemKind.FORBIDDEN,
                    "your role in tenant '" + seen.tenant().name()
                            + "' does not allow this; ask an owner of the tenant");
        }
        if (seen.demandsSecondFactor() && caller.isInPerson()) {
            requireSecondFactor(caller, seen.tenant().name());
        }
        if (!mayLookWhileSuspended(caller, permission)) {
            seen.tenant().requireActive();
        }
        return seen.tenant();
    }

    /** What an operator needs for what a member needs the permission for. */
    private static OperatorPower power(Permission permission) {
        return switch (permission) {
            case READ -> OperatorPower.LOOK;
            case READ_AUDIT -> OperatorPower.READ_AUDIT;
            case SEE_COSTS -> OperatorPower.SEE_COSTS;
            case SETTLE -> OperatorPower.BILL;
            case SET_BUDGET, WRITE, MANAGE_MEMBERS, MANAGE_RECORDINGS, MANAGE_ENDPOINTS, MANAGE_OWNERS ->
                OperatorPower.ADMINISTER;
        };
    }

    /**
     * Before a token is made that is good for all of the caller's tenants.
     *
     * @throws ProblemException when one of them demands a second factor that was not shown
     */
    public void requireSecondFactorOfAll(Caller caller) {
        jdbc.sql("""
                        select t.name from memberships m join tenants t on m.tenant_id in (t.id, t.parent_id)
                            join sign_in_policies s on s.tenant_id in (t.id, t.parent_id) and s.second_factor
                        where m.user_id = :user limit 1
                        """)
                .param("user", caller.userId())
                .query(String.class)
                .optional()
                .ifPresent(tenant -> requireSecondFactor(caller, tenant));
    }

    private static void requireSecondFactor(Caller caller, String tenant) {
        if (!caller.proof().secondFactor()) {
            throw new ProblemException(
                    ProblemKind.SECOND_FACTOR_DEMANDED,
                    "tenant '" + tenant
                            + "' demands a second factor of its members: add one to your account, or sign in with it");
        }
    }

    /** People see what became of what is theirs, and what they owe; programs are shut out. */
    private static boolean mayLookWhileSuspended(Caller caller, Permission permission) {
        return caller.kind() != Caller.Kind.TOKEN
                && (permission == Permission.READ
                        || permission == Permission.READ_AUDIT
                        || permission == Permission.SEE_COSTS
                        || permission == Permission.SETTLE
                        || permission == Permission.SET_BUDGET);
    }

    private static boolean maySee(Caller caller, Found found) {
        return caller.operates(OperatorPower.LOOK)
                || caller.isInBy(found.tenant().id())
                || (found.role() != null
                        && (caller.onlyTenant() == null
                                || caller.onlyTenant().equals(found.tenant().id())));
    }

    private static Found found(ResultSet row, int number) throws SQLException {
        String role = row.getString("role");
        return new Found(
                Tenants.tenant(row, number), role == null ? null : Role.valueOf(role), row.getBoolean("second_factor"));
    }
}
