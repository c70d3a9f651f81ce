// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.recording;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.recording.RecordingIntakeController.Kept;
import io.berth.platform.recording.RecordingIntakeController.Part;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Takes parts of recordings in. */
@Component
class RecordingIntake {
    /** Two seconds of typing are a few hundred bytes; a row for each would be mostly row. */
    private static final int JOINED_BYTES = 64 * 1024;

    private static final String BEGIN = """
            insert into recordings (id, gateway, tenant_id, container, guest_user, key, source, title, started_at, width,
                height, required)
            select :id, :gateway, t.id, :container, :guest, :key, :source, :title, :started, :width, :height, :required
            from tenants t where t.name = :tenant
            on conflict (id) do nothing
            """;

    private final JdbcClient jdbc;

    RecordingIntake(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private record Row(String gateway, UUID tenant, String tenantName, long bytes, boolean ended) {}

    @Transactional
    Kept take(Part part, byte[] bytes) {
        begin(part);
        Row row = jdbc.sql("""
                        select r.gateway, r.tenant_id, t.name, r.bytes, r.how is not null as ended
                        from recordings r join tenants t on t.id = r.tenant_id where r.id = :id for update of r
                        """)
                .param("id", part.id())
                .query((found, number) -> new Row(
                        found.getString("gateway"),
                        found.getObject("tenant_id", UUID.class),
                        found.getString("name"),
                        found.getLong("bytes"),
                        found.getBoolean("ended")))
                .optional()
                .orElseThrow(() -> ProblemException.notFound("tenant", part.tenant()));
        if (!row.gateway.equals(part.gateway()) || !row.tenantName.equals(part.tenant())) {
            throw new ProblemException(
                    ProblemKind.CONFLICT,
                    "recording '" + part.id() + "' is another gateway's or another tenant's; a session has one id");
        }
        if (row.ended || part.offset() != row.bytes) {
            return new Kept(row.bytes, false);
        }
        if (bytes.length > 0 && !hasRoom(row.tenant, bytes.length)) {
            return new Kept(row.bytes, true);
        }
        append(part, bytes);
        return new Kept(row.bytes + bytes.length, false);
    }

    private void begin(Part part) {
        jdbc.sql(BEGIN)
                .param("id", part.id())
                .param("gateway", part.gateway())
                .param("tenant", part.tenant())
                .param("container", part.container())
                .param("guest", part.guestUser())
                .param("key", part.key())
                .param("source", part.source())
                .param("title", part.title())
                .param("started", part.startedAt().atOffset(ZoneOffset.UTC))
                .param("width", part.columns())
                .param("height", part.rows())
                .param("required", part.required())
                .update();
    }

    private boolean hasRoom(UUID tenant, int more) {
        return jdbc.sql("select used_bytes + :more <= most_bytes from recording_wishes where tenant_id = :tenant")
                .param("more", more)
                .param("tenant", tenant)
                .query(Boolean.class)
                .single();
    }

    private void append(Part part, byte[] bytes) {
        if (bytes.length > 0 && !joined(part, bytes)) {
            jdbc.sql("insert into recording_parts (recording_id, begins, bytes) values (:id, :begins, :bytes)")
                    .param("id", part.id())
                    .param("begins", part.offset())
                    .param("bytes", bytes)
                    .update();
        }
        @Nullable String how = part.how() == null ? null : part.how().name();
        jdbc.sql("""
                        update recordings set bytes = bytes + :more, seen_at = now(), how = :how, ended_at = :ended
                        where id = :id
                        """)
                .param("more", bytes.length)
                .param("how", how)
                .param("ended", part.endedAt() == null ? null : part.endedAt().atOffset(ZoneOffset.UTC))
                .param("id", part.id())
                .update();
    }

    private boolean joined(Part part, byte[] bytes) {
        return jdbc.sql("""
                        update recording_parts set bytes = bytes || :bytes
                        where recording_id = :id and length(bytes) + length(:bytes) <= :most and begins = (
                            select max(begins) from recording_parts where recording_id = :id)
                        """)
                        .param("bytes", bytes)
                        .param("id", part.id())
                        .param("most", JOINED_BYTES)
                        .update()
                > 0;
    }
}
