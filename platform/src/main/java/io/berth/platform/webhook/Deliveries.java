// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.webhook;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.webhook.Outbound.Answer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The tables of messages, deliveries and attempts. */
@Component
class Deliveries {
    /** When it is tried again after so many tries, as Standard Webhooks proposes; three days in all. */
    static final List<Duration> PAUSES = List.of(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));

    /** For how long what was sent is kept, to be looked at and sent again. */
    private static final String KEPT = "30 days";

    private static final String SELECT =
            "select d.*, m.type, m.at, m.body from webhook_deliveries d join webhook_messages m on m.id = d.message_id ";

    private final JdbcClient jdbc;

    Deliveries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The newest first. */
    List<Delivery> list(UUID endpoint, Delivery.@Nullable State state, @Nullable Long before, int limit) {
        return jdbc.sql(SELECT + """
                        where d.endpoint_id = :endpoint and (cast(:state as text) is null or d.state = :state)
                          and (cast(:before as bigint) is null or d.number < :before)
                        order by d.number desc limit :limit
                        """)
                .param("endpoint", endpoint)
                .param("state", state == null ? null : state.name())
                .param("before", before)
                .param("limit", limit + 1)
                .query(Deliveries::delivery)
                .list();
    }

    Delivery get(UUID endpoint, UUID message) {
        return jdbc.sql(SELECT + "where d.endpoint_id = :endpoint and d.message_id = :message")
                .param("endpoint", endpoint)
                .param("message", message)
                .query(Deliveries::delivery)
                .optional()
                .orElseThrow(() -> ProblemException.notFound("delivery of message", message.toString()));
    }

    private static Delivery delivery(ResultSet row, int number) throws SQLException {
        var state = Delivery.State.valueOf(row.getString("state"));
        OffsetDateTime done = row.getObject("done_at", OffsetDateTime.class);
        Instant next = row.getObject("next_at", OffsetDateTime.class).toInstant();
        return new Delivery(
                row.getLong("number"),
                row.getObject("message_id", UUID.class),
                EventType.of(row.getString("type")),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                state,
                row.getInt("tries"),
                state == Delivery.State.PENDING ? next : null,
                done == null ? null : done.toInstant(),
                row.getString("body"));
    }

    /** The newest first. */
    List<Delivery.Attempt> attempts(UUID endpoint, UUID message) {
        return jdbc.sql("""
                        select * from webhook_attempts where endpoint_id = :endpoint and message_id = :message
                        order by number desc limit 100
                        """)
                .param("endpoint", endpoint)
                .param("message", message)
                .query((row, number) -> new Delivery.Attempt(
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        row.getObject("status", Integer.class),
                        row.getString("trouble"),
                        row.getInt("milliseconds")))
                .list();
    }

    /** Sends it again, the same message by the same id, whatever became of it before. */
    void replay(UUID endpoint, UUID message) {
        jdbc.sql("""
                        update webhook_deliveries set state = 'PENDING', tries = 0, next_at = now(), done_at = null
                        where endpoint_id = :endpoint and message_id = :message
                        """).param("endpoint", endpoint).param("message", message).update();
    }

    /** A message for that endpoint alone. */
    @Transactional(propagation = Propagation.MANDATORY)
    Delivery tryOut(UUID endpoint) {
        UUID message = jdbc.sql("""
                        insert into webhook_messages (type, body)
                        values (:type, json_build_object('type', :type, 'timestamp',
                            to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'data', json_build_object())::text)
                        returning id
                        """)
                .param("type", EventType.ENDPOINT_TEST.wire())
                .query(UUID.class)
                .single();
        jdbc.sql("insert into webhook_deliveries (endpoint_id, message_id) values (:endpoint, :message)")
                .param("endpoint", endpoint)
                .param("message", message)
                .update();
        return get(endpoint, message);
    }

    /** The next that is due for an endpoint that is enabled. */
    Optional<Delivery> due(UUID endpoint) {
        return jdbc.sql(SELECT + """
                        join webhook_endpoints e on e.id = d.endpoint_id
                        where d.endpoint_id = :endpoint and e.enabled and d.state = 'PENDING' and d.next_at <= now()
                        order by d.next_at, d.number limit 1
                        """)
                .param("endpoint", endpoint)
                .query(Deliveries::delivery)
                .optional();
    }

    /** What came of a try, and what follows from it. */
    @Transactional
    void note(UUID endpoint, Delivery tried, Answer answer, Duration took) {
        jdbc.sql("""
                        insert into webhook_attempts (endpoint_id, message_id, status, trouble, milliseconds)
                        values (:endpoint, :message, :status, :trouble, :milliseconds)
                        """)
                .param("endpoint", endpoint)
                .param("message", tried.message())
                .param("status", answer.status())
                .param("trouble", answer.trouble())
                .param("milliseconds", took.toMillis())
                .update();
        boolean isTaken = answer.trouble() == null;
        boolean isOver = isTaken || tried.tries() >= PAUSES.size();
        Duration pause = isOver ? Duration.ZERO : PAUSES.get(tried.tries());
        jdbc.sql("""
                        update webhook_deliveries set state = :state, tries = tries + 1,
                            next_at = now() + make_interval(secs => :pause), done_at = case when :over then now() end
                        where endpoint_id = :endpoint and message_id = :message
                        """)
                .param(
                        "state",
                        (isTaken ? Delivery.State.DELIVERED : isOver ? Delivery.State.FAILED : Delivery.State.PENDING)
                                .name())
                .param("pause", pause.toSeconds())
                .param("over", isOver)
                .param("endpoint", endpoint)
                .param("message", tried.message())
                .update();
    }

    /** Deliveries and attempts go with their message. */
    int forgetOld() {
        return jdbc.sql("delete from webhook_messages where at < now() - cast(:kept as interval)")
                .param("kept", KEPT)
                .update();
    }
}
