// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshlog;

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

/** The table of what happened over SSH: it only grows. */
@Component
class SshEvents {
    /** A key that is known says whose it is, whatever the gateway says; a stranger's event is nobody's. */
    private static final String INSERT = """
            insert into ssh_events (id, at, gateway, kind, outcome, tenant_id, session, key, user_name, source,
                container, guest_user, what, bytes_in, bytes_out)
            values (:id, :at, :gateway, :kind, :outcome,
                coalesce((select tenant_id from ssh_keys where fingerprint = :key),
                         (select id from tenants where name = :tenant)),
                :session, :key, :user, :source, :container, :guest, :what, :in, :out)
            on conflict (id) do nothing
            """;

    private final JdbcClient jdbc;

    SshEvents(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What is looked for; null for everything.
     *
     * @param before the id of the last event of the page before
     */
    record Filter(
            @Nullable UUID tenant,
            @Nullable String container,
            SshEvent.@Nullable Kind kind,
            SshEvent.@Nullable Outcome outcome,
            @Nullable UUID session,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable UUID before) {}

    /** What was delivered before is there once. */
    @Transactional
    void add(String gateway, List<SshEvent> events) {
        for (SshEvent event : events) {
            jdbc.sql(INSERT)
                    .param("id", event.id())
                    .param("at", event.at().atOffset(ZoneOffset.UTC))
                    .param("gateway", gateway)
                    .param("kind", event.kind().name())
                    .param("outcome", event.outcome().name())
                    .param("tenant", event.tenant())
                    .param("session", event.session())
                    .param("key", event.key())
                    .param("user", event.userName())
                    .param("source", event.source())
                    .param("container", event.container())
                    .param("guest", event.guestUser())
                    .param("what", event.what())
                    .param("in", event.bytesIn())
                    .param("out", event.bytesOut())
                    .update();
        }
    }

    /** Newest first. */
    List<SshEvent> list(Filter filter, int limit) {
        return jdbc.sql("""
                        select e.*, t.name as tenant from ssh_events e left join tenants t on t.id = e.tenant_id
                        where (cast(:tenant as uuid) is null or e.tenant_id = :tenant)
                          and (cast(:container as text) is null or e.container = :container)
                          and (cast(:kind as text) is null or e.kind = :kind)
                          and (cast(:outcome as text) is null or e.outcome = :outcome)
                          and (cast(:session as uuid) is null or e.session = :session)
                          and (cast(:from as timestamptz) is null or e.at >= :from)
                          and (cast(:to as timestamptz) is null or e.at < :to)
                          and (cast(:before as uuid) is null or e.id < :before)
                        order by e.id desc limit :limit
                        """)
                .param("tenant", filter.tenant())
                .param("container", filter.container())
                .param("kind", filter.kind() == null ? null : filter.kind().name())
                .param(
                        "outcome",
                        filter.outcome() == null ? null : filter.outcome().name())
                .param("session", filter.session())
                .param("from", time(filter.from()))
                .param("to", time(filter.to()))
                .param("before", filter.before())
                .param("limit", limit + 1)
                .query(SshEvents::event)
                .list();
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static SshEvent event(ResultSet row, int number) throws SQLException {
        return new SshEvent(
                row.getObject("id", UUID.class),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                SshEvent.Kind.valueOf(row.getString("kind")),
                SshEvent.Outcome.valueOf(row.getString("outcome")),
                row.getString("tenant"),
                row.getObject("session", UUID.class),
                row.getString("key"),
                row.getString("user_name"),
                row.getString("source"),
                row.getString("container"),
                row.getString("guest_user"),
                row.getString("what"),
                row.getObject("bytes_in", Long.class),
                row.getObject("bytes_out", Long.class));
    }

    @Scheduled(fixedRateString = "PT1H")
    void forgetOld() {
        jdbc.sql("delete from ssh_events where at < now() - interval '401 days'")
                .update();
    }
}
