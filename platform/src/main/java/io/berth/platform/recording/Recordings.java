// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.recording;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The table of recordings. */
@Component
class Recordings {
    private final JdbcClient jdbc;

    Recordings(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Newest first; one more than the limit where there is more. */
    List<Recording> list(UUID tenant, @Nullable String container, @Nullable UUID before, int limit) {
        return jdbc.sql("""
                        select * from recordings
                        where tenant_id = :tenant and (cast(:container as text) is null or container = :container)
                          and (cast(:before as uuid) is null or id < :before)
                        order by id desc limit :limit
                        """)
                .param("tenant", tenant)
                .param("container", container)
                .param("before", before)
                .param("limit", limit + 1)
                .query(Recordings::recording)
                .list();
    }

    Recording require(UUID tenant, UUID id) {
        return jdbc.sql("select * from recordings where tenant_id = :tenant and id = :id")
                .param("tenant", tenant)
                .param("id", id)
                .query(Recordings::recording)
                .optional()
                .orElseThrow(() -> ProblemException.notFound("recording", id.toString()));
    }

    /** A part of the cast. */
    @SuppressWarnings("ArrayRecordComponent") // written out, never compared
    record Part(long begins, byte[] bytes) {}

    Optional<Part> part(UUID id, long from) {
        return jdbc.sql("""
                        select begins, bytes from recording_parts where recording_id = :id and begins >= :from
                        order by begins limit 1
                        """)
                .param("id", id)
                .param("from", from)
                .query((row, number) -> new Part(row.getLong("begins"), row.getBytes("bytes")))
                .optional();
    }

    /** Not where the operator requires it, and not while it goes on: its gateway would bring it again. */
    @Transactional
    void delete(UUID tenant, UUID id) {
        Recording recording = require(tenant, id);
        if (recording.required() && isRequired(tenant)) {
            throw new ProblemException(
                    ProblemKind.FORBIDDEN,
                    "the platform's operator requires this recording to be kept; it goes when its time is over");
        }
        int rows = jdbc.sql("""
                        delete from recordings
                        where id = :id and (how is not null or seen_at < now() - interval '1 day')
                        """).param("id", id).update();
        if (rows == 0) {
            throw new ProblemException(
                    ProblemKind.CONFLICT, "the session still goes on; end it first, by DELETE …/ssh-sessions/" + id);
        }
    }

    private boolean isRequired(UUID tenant) {
        return jdbc.sql("select required from recording_wishes where tenant_id = :tenant")
                .param("tenant", tenant)
                .query(Boolean.class)
                .single();
    }

    private static Recording recording(ResultSet row, int number) throws SQLException {
        String how = row.getString("how");
        return new Recording(
                row.getObject("id", UUID.class),
                row.getString("container"),
                row.getString("guest_user"),
                row.getString("key"),
                row.getString("source"),
                row.getString("title"),
                instant(row, "started_at"),
                how == null ? null : instant(row, "ended_at"),
                row.getInt("width"),
                row.getInt("height"),
                row.getLong("bytes"),
                row.getBoolean("required"),
                how == null ? null : Recording.How.valueOf(how));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    @Scheduled(fixedRateString = "PT1H")
    void forgetOld() {
        jdbc.sql("""
                        delete from recordings r using recording_wishes w
                        where w.tenant_id = r.tenant_id and r.seen_at < now() - make_interval(days => w.keep_days)
                        """).update();
    }
}
