// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.audit;

import io.berth.platform.paging.Orders;
import io.berth.platform.paging.Place;
import io.berth.platform.trail.Outcome;
import io.berth.platform.trail.TrailEntry;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Looks entries up. */
@Component
class AuditRows {
    private final JdbcClient jdbc;
    private final JsonMapper json;

    AuditRows(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Their ids are ordered by time. */
    static final Orders<TrailEntry> ORDERS = new Orders<>(
            "-at", "id", TrailEntry::id, List.of(new Orders.Order<>("at", "id", Orders.Kind.ID, TrailEntry::id)));

    /** One more than the limit where there is more. */
    List<TrailEntry> list(AuditSearch search, Place<TrailEntry> place, int limit) {
        Outcome outcome = search.outcome();
        return place.bind(jdbc.sql("""
                        select content from audit_entries
                        where (cast(:tenant as uuid) is null or tenant_id = :tenant)
                          and (cast(:actor as text) is null or actor = :actor)
                          and (cast(:outcome as text) is null or outcome = :outcome)
                          and (cast(:path as text) is null or starts_with(path, :path))
                          and (cast(:since as timestamptz) is null or at >= :since)
                          and (cast(:until as timestamptz) is null or at < :until)
                        """ + place.sql()), limit)
                .param("tenant", search.tenant())
                .param("actor", search.actor())
                .param("outcome", outcome == null ? null : outcome.name())
                .param("path", search.path())
                .param("since", time(search.since()))
                .param("until", time(search.until()))
                .query((row, number) -> json.readValue(row.getString("content"), TrailEntry.class))
                .list();
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
