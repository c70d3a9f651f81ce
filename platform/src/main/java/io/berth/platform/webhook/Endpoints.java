// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.webhook;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The table of endpoints: a tenant's, or the operators', where the tenant is null. */
@Component
class Endpoints {
    /** Each costs a delivery for everything that happens. */
    static final int MOST = 20;

    private static final String OF = "tenant_id is not distinct from cast(:tenant as uuid) ";

    private final JdbcClient jdbc;
    private final Secrets secrets;

    Endpoints(JdbcClient jdbc, Secrets secrets) {
        this.jdbc = jdbc;
        this.secrets = secrets;
    }

    /** What an endpoint is to be. */
    record Wish(String url, @Nullable String label, List<EventType> types, boolean enabled) {
        Wish {
            types = List.copyOf(types);
        }

        private String[] wires() {
            return types.stream().map(EventType::wire).distinct().toArray(String[]::new);
        }
    }

    @Transactional(propagation = Propagation.MANDATORY)
    Endpoint create(@Nullable UUID tenant, Wish wish, UUID by) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended('webhooks ' || coalesce(:tenant, ''), 0))")
                .param("tenant", tenant == null ? null : tenant.toString(), Types.VARCHAR)
                .query((row, number) -> true)
                .single();
        if (list(tenant).size() >= MOST) {
            throw new ProblemException(
                    ProblemKind.CONFLICT, "there are " + MOST + " endpoints already; delete one first");
        }
        UUID id = UuidCreator.getTimeOrderedEpoch();
        byte[] secret = secrets.fresh();
        jdbc.sql("""
                        insert into webhook_endpoints (id, tenant_id, url, label, types, enabled, secret, created_by)
                        values (:id, :tenant, :url, :label, :types, :enabled, :secret, :by)
                        """)
                .param("id", id)
                .param("tenant", tenant, Types.OTHER)
                .param("url", wish.url())
                .param("label", wish.label())
                .param("types", wish.wires())
                .param("enabled", wish.enabled())
                .param("secret", secrets.sealed(id, secret))
                .param("by", by)
                .update();
        return find(tenant, id).orElseThrow().withSecret(Secrets.shown(secret));
    }

    Optional<Endpoint> find(@Nullable UUID tenant, UUID id) {
        return jdbc.sql("select * from webhook_endpoints where id = :id and " + OF)
                .param("id", id)
                .param("tenant", tenant, Types.OTHER)
                .query(Endpoints::endpoint)
                .optional();
    }

    Endpoint get(@Nullable UUID tenant, UUID id) {
        return find(tenant, id).orElseThrow(() -> ProblemException.notFound("endpoint", id.toString()));
    }

    List<Endpoint> list(@Nullable UUID tenant) {
        return jdbc.sql("select * from webhook_endpoints where " + OF + "order by id")
                .param("tenant", tenant, Types.OTHER)
                .query(Endpoints::endpoint)
                .list();
    }

    private static Endpoint endpoint(ResultSet row, int number) throws SQLException {
        return new Endpoint(
                row.getObject("id", UUID.class),
                row.getString("url"),
                row.getString("label"),
                Arrays.stream((String[]) row.getArray("types").getArray())
                        .map(EventType::of)
                        .toList(),
                row.getBoolean("enabled"),
                row.getString("disabled_because"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                null,
                row.getLong("version"));
    }

    /** False when the version is another one by now. */
    boolean change(Endpoint present, Wish wish) {
        return jdbc.sql("""
                        update webhook_endpoints set version = version + 1, url = :url, label = :label,
                            types = :types, enabled = :enabled,
                            disabled_because = case when :enabled then null else disabled_because end
                        where id = :id and version = :version
                        """)
                        .param("url", wish.url())
                        .param("label", wish.label())
                        .param("types", wish.wires())
                        .param("enabled", wish.enabled())
                        .param("id", present.id())
                        .param("version", present.version())
                        .update()
                == 1;
    }

    /** False when the version is another one by now. What it was to be told goes with it. */
    boolean delete(Endpoint present) {
        return jdbc.sql("delete from webhook_endpoints where id = :id and version = :version")
                        .param("id", present.id())
                        .param("version", present.version())
                        .update()
                == 1;
    }

    /** The old secret signs beside the new one for a day, so that whoever verifies has the time to change it. */
    @Transactional(propagation = Propagation.MANDATORY)
    Endpoint rotate(@Nullable UUID tenant, UUID id) {
        Endpoint present = get(tenant, id);
        byte[] secret = secrets.fresh();
        jdbc.sql("""
                        update webhook_endpoints set old_secret = secret, old_secret_until = now() + interval '1 day',
                            secret = :secret, version = version + 1
                        where id = :id
                        """)
                .param("secret", secrets.sealed(present.id(), secret))
                .param("id", present.id())
                .update();
        return get(tenant, id).withSecret(Secrets.shown(secret));
    }

    void disable(UUID id, String because) {
        jdbc.sql("""
                        update webhook_endpoints set enabled = false, disabled_because = :because, version = version + 1
                        where id = :id and enabled
                        """).param("because", because).param("id", id).update();
    }
}
