// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The table of invitations: hashes only, the secret is shown once. */
@Component
class Invitations {
    private static final String PREFIX = "berth_invitation_";
    private static final int RANDOM_BYTES = 32;
    private static final int MOST_OPEN = 100; // more is no need of a tenant's, but a program gone wrong

    private static final String SELECT = """
            select i.*, c.name as created_by_name, a.name as accepted_by_name
            from invitations i join users c on c.id = i.created_by left join users a on a.id = i.accepted_by
            """;

    /** Open, and made by somebody who could make it still. */
    private static final String GOOD = """
            i.accepted_at is null and i.revoked_at is null and i.expires_at > now()
              and (exists (select from users u where u.id = i.created_by and u.operator)
                or exists (select from memberships m join tenants t on m.tenant_id in (t.id, t.parent_id)
                    where t.id = i.tenant_id and m.user_id = i.created_by
                      and (m.role = 'OWNER' or m.role = 'ADMIN' and m.tenant_id = t.id and i.role <> 'OWNER')))
            """;

    private final JdbcClient jdbc;
    private final SecureRandom random = new SecureRandom();

    Invitations(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Transactional(propagation = Propagation.MANDATORY)
    Invitation create(Caller caller, Tenant tenant, Role role, Duration life) {
        refuseFlood(tenant);
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        UUID id = UuidCreator.getTimeOrderedEpoch();
        jdbc.sql("""
                        insert into invitations (id, tenant_id, role, hash, created_by, expires_at)
                        values (:id, :tenant, :role, :hash, :user, now() + make_interval(secs => :life))
                        """)
                .param("id", id)
                .param("tenant", tenant.id())
                .param("role", role.name())
                .param("hash", hash(secret))
                .param("user", caller.userId())
                .param("life", life.toSeconds())
                .update();
        return jdbc.sql(SELECT + "where i.id = :id")
                .param("id", id)
                .query(Invitations::invitation)
                .single()
                .withSecret(secret);
    }

    private void refuseFlood(Tenant tenant) {
        long open = jdbc.sql("select count(*) from invitations i where i.tenant_id = :tenant and " + GOOD)
                .param("tenant", tenant.id())
                .query(Long.class)
                .single();
        if (open >= MOST_OPEN) {
            throw new ProblemException(
                    ProblemKind.CONFLICT, open + " invitations of this tenant are open; revoke some first");
        }
    }

    List<Invitation> list(Tenant tenant, @Nullable UUID before, int limit) {
        return jdbc.sql(SELECT + """
                        where i.tenant_id = :tenant and (cast(:before as uuid) is null or i.id < :before)
                        order by i.id desc limit :limit
                        """)
                .param("tenant", tenant.id())
                .param("before", before)
                .param("limit", limit + 1)
                .query(Invitations::invitation)
                .list();
    }

    @Transactional
    void revoke(Tenant tenant, UUID id) {
        int rows = jdbc.sql("""
                        update invitations set revoked_at = now()
                        where tenant_id = :tenant and id = :id and accepted_at is null and revoked_at is null
                        """).param("tenant", tenant.id()).param("id", id).update();
        if (rows == 0) {
            throw ProblemException.notFound("open invitation", id.toString());
        }
    }

    /** What an invitation opened. */
    record Opened(UUID tenantId, Role role) {}

    /** Of two who use it at once, one comes in: the row is locked by the update. */
    @Transactional(propagation = Propagation.MANDATORY)
    Opened accept(Caller caller, String secret) {
        Opened opened = jdbc.sql(
                        "update invitations i set accepted_by = :user, accepted_at = now() where i.hash = :hash and "
                                + GOOD + " returning i.tenant_id, i.role")
                .param("user", caller.userId())
                .param("hash", hash(secret))
                .query((row, number) ->
                        new Opened(row.getObject("tenant_id", UUID.class), Role.valueOf(row.getString("role"))))
                .optional()
                .orElseThrow(() -> ProblemException.field(
                        "token", "token: no invitation is open by it any more; ask for another one"));
        int rows = jdbc.sql("""
                        insert into memberships (tenant_id, user_id, role) values (:tenant, :user, :role)
                        on conflict do nothing
                        """)
                .param("tenant", opened.tenantId())
                .param("user", caller.userId())
                .param("role", opened.role().name())
                .update();
        if (rows == 0) {
            throw new ProblemException(
                    ProblemKind.CONFLICT, "you are a member of that tenant already; an owner can change your role");
        }
        return opened;
    }

    private static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Invitation invitation(ResultSet row, int number) throws SQLException {
        return new Invitation(
                row.getObject("id", UUID.class),
                Role.valueOf(row.getString("role")),
                null,
                row.getString("created_by_name"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                row.getString("accepted_by_name"),
                instant(row, "accepted_at"),
                instant(row, "revoked_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
