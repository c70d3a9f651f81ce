// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.metering;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How far nodes' rounds are counted. */
@Component
class Meters {
    /** Enough to see a pattern; all of them are in the database. */
    private static final int SHOWN_LOSSES = 20;

    private final JdbcClient jdbc;

    Meters(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** One node's. */
    record Meter(
            String node,
            long series,

            @Schema(description = "of the last round that was counted")
            long lastNumber,

            @Schema(description = "when it was taken") @Nullable
            Instant lastAt,

            @Schema(description = "rounds that the node took and nobody counted, the newest first")
            List<Loss> losses) {
        Meter {
            losses = List.copyOf(losses);
        }
    }

    /** Rounds that are missing. */
    record Loss(long series, long firstNumber, long lastNumber, String reason, Instant notedAt) {}

    List<Meter> list() {
        return jdbc.sql("""
                        select m.node_id, n.name, m.series, m.last_number, m.last_at
                        from meters m join nodes n on n.id = m.node_id order by n.name
                        """)
                .query((row, number) -> new Meter(
                        row.getString("name"),
                        row.getLong("series"),
                        row.getLong("last_number"),
                        MeteredContainers.instant(row, "last_at"),
                        losses(row.getObject("node_id", UUID.class))))
                .list();
    }

    private List<Loss> losses(UUID node) {
        return jdbc.sql("select * from meter_losses where node_id = :node order by id desc limit :most")
                .param("node", node)
                .param("most", SHOWN_LOSSES)
                .query((row, number) -> new Loss(
                        row.getLong("series"),
                        row.getLong("first_number"),
                        row.getLong("last_number"),
                        row.getString("reason"),
                        row.getObject("noted_at", OffsetDateTime.class).toInstant()))
                .list();
    }
}
