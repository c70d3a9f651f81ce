// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshlog;

import io.berth.platform.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The table of open sessions, as gateways report it every two seconds. */
@Component
class SshSessions {
    /** A session of another gateway's is that one's: nobody takes it over by its id. */
    private static final String UPSERT = """
            insert into ssh_sessions (id, gateway, tenant_id, container, guest_user, kind, terminal, key, source,
                started_at, active_at, bytes_in, bytes_out)
            select :id, :gateway, t.id, :container, :guest, :kind, :terminal, :key, :source, :started, :active, :in, :out
            from tenants t where t.name = :tenant
            on conflict (id) do update set active_at = excluded.active_at, bytes_in = excluded.bytes_in,
                bytes_out = excluded.bytes_out, seen_at = now(), ended_at = null
            where ssh_sessions.gateway = excluded.gateway
            """;

    private final JdbcClient jdbc;

    SshSessions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** One as its gateway tells it. */
    record Told(
            UUID id,
            String tenant,
            String container,
            String guestUser,
            String kind,
            boolean terminal,
            String key,
            String source,
            Instant startedAt,
            Instant activeAt,
            long bytesIn,
            long bytesOut) {}

    /** @return those that are to end: somebody asked for it, their tenant is suspended, or their container in quarantine */
    @Transactional
    List<UUID> report(String gateway, List<Told> open) {
        for (Told session : open) {
            jdbc.sql(UPSERT)
                    .param("id", session.id())
                    .param("gateway", gateway)
                    .param("tenant", session.tenant())
                    .param("container", session.container())
                    .param("guest", session.guestUser())
                    .param("kind", session.kind())
                    .param("terminal", session.terminal())
                    .param("key", session.key())
                    .param("source", session.source())
                    .param("started", session.startedAt().atOffset(ZoneOffset.UTC))
                    .param("active", session.activeAt().atOffset(ZoneOffset.UTC))
                    .param("in", session.bytesIn())
                    .param("out", session.bytesOut())
                    .update();
        }
        UUID[] ids = open.stream().map(Told::id).toArray(UUID[]::new);
        jdbc.sql("""
                        update ssh_sessions set ended_at = now()
                        where gateway = :gateway and ended_at is null and not (id = any(:ids))
                        """).param("gateway", gateway).param("ids", ids).update();
        return jdbc.sql("""
                        select id from ssh_sessions s
                        where gateway = :gateway and ended_at is null and (kill_asked_at is not null
                            or exists (select from held_tenants h where h.tenant_id = s.tenant_id)
                            or exists (select from containers c where c.tenant_id = s.tenant_id
                                and c.name = s.container and c.quarantine_reason is not null))
                        """)
                .param("gateway", gateway)
                .query((row, number) -> row.getObject("id", UUID.class))
                .list();
    }

    /** Those of gateways that are there, newest first. */
    List<SshSession> list(UUID tenant, @Nullable String container, @Nullable UUID before, int limit) {
        return jdbc.sql("""
                        select s.*, t.name as tenant from ssh_sessions s join tenants t on t.id = s.tenant_id
                        where s.tenant_id = :tenant and s.ended_at is null and s.seen_at > now() - interval '1 minute'
                          and (cast(:container as text) is null or s.container = :container)
                          and (cast(:before as uuid) is null or s.id < :before)
                        order by s.id desc limit :limit
                        """)
                .param("tenant", tenant)
                .param("container", container)
                .param("before", before)
                .param("limit", limit + 1)
                .query(SshSessions::session)
                .list();
    }

    /** Its gateway hears it with its next report. */
    void kill(UUID tenant, UUID id, UUID who) {
        int rows = jdbc.sql("""
                        update ssh_sessions set kill_asked_at = coalesce(kill_asked_at, now()), kill_asked_by = :who
                        where id = :id and tenant_id = :tenant and ended_at is null
                        """)
                .param("who", who)
                .param("id", id)
                .param("tenant", tenant)
                .update();
        if (rows == 0) {
            throw ProblemException.notFound("session", id.toString());
        }
    }

    private static SshSession session(ResultSet row, int number) throws SQLException {
        return new SshSession(
                row.getObject("id", UUID.class),
                row.getString("tenant"),
                row.getString("container"),
                row.getString("guest_user"),
                row.getString("kind"),
                row.getBoolean("terminal"),
                row.getString("key"),
                row.getString("source"),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                row.getObject("active_at", OffsetDateTime.class).toInstant(),
                row.getLong("bytes_in"),
                row.getLong("bytes_out"),
                row.getObject("kill_asked_at") != null);
    }

    /** The audit has their ends. */
    @Scheduled(fixedRateString = "PT1H")
    void forgetOld() {
        jdbc.sql("delete from ssh_sessions where seen_at < now() - interval '1 day'")
                .update();
    }
}
