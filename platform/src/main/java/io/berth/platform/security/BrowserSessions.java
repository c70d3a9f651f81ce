// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

import com.github.f4b6a3.uuid.UuidCreator;
import jakarta.servlet.http.HttpServletRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** The table of browsers' sessions: where an account is signed in. It says which are good; the server's memory holds them. */
@Component
public class BrowserSessions {
    private static final int MOST_AGENT_CHARACTERS = 256;

    /** What nobody used for half an hour, and the minute by which the row may lag behind. */
    private static final Duration IDLE = Duration.ofMinutes(31);

    private static final String OPEN = """
            ended_at is null and created_at > now() - make_interval(secs => :longest)
              and last_seen_at > now() - make_interval(secs => :idle)
            """;

    private final JdbcClient jdbc;

    BrowserSessions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One.
     *
     * @param userAgent what the browser calls itself
     */
    public record Row(UUID id, String address, String userAgent, Instant createdAt, Instant lastSeenAt) {}

    UUID begin(UUID userId, HttpServletRequest request) {
        UUID id = UuidCreator.getTimeOrderedEpoch();
        String agent = Objects.requireNonNullElse(request.getHeader(HttpHeaders.USER_AGENT), "")
                .replaceAll("\\p{Cntrl}", "");
        jdbc.sql(
                        "insert into browser_sessions (id, user_id, address, user_agent) values (:id, :user, :address, :agent)")
                .param("id", id)
                .param("user", userId)
                .param("address", request.getRemoteAddr())
                .param("agent", agent.substring(0, Math.min(agent.length(), MOST_AGENT_CHARACTERS)))
                .update();
        return id;
    }

    /** As {@link #isOpen}; notes that it was seen, once a minute, so that a busy session is no busy row. */
    boolean isOpenAndSeen(UUID id) {
        if (!isOpen(id)) {
            return false;
        }
        jdbc.sql("""
                        update browser_sessions set last_seen_at = now()
                        where id = :id and last_seen_at < now() - interval '1 minute'
                        """).param("id", id).update();
        return true;
    }

    /** Whether its owner has ended it. */
    boolean isEnded(UUID id) {
        return jdbc.sql("select count(*) from browser_sessions where id = :id and ended_at is null")
                        .param("id", id)
                        .query(Long.class)
                        .single()
                == 0;
    }

    /** Whether it has been neither ended nor left alone for too long. */
    boolean isOpen(UUID id) {
        return jdbc.sql("select count(*) from browser_sessions where id = :id and " + OPEN)
                        .param("id", id)
                        .param("longest", BrowserSession.LONGEST.toSeconds())
                        .param("idle", IDLE.toSeconds())
                        .query(Long.class)
                        .single()
                == 1;
    }

    /** Where the account is signed in, newest first. */
    public List<Row> open(UUID userId) {
        return jdbc.sql("select * from browser_sessions where user_id = :user and " + OPEN
                        + " order by id desc limit 100")
                .param("user", userId)
                .param("longest", BrowserSession.LONGEST.toSeconds())
                .param("idle", IDLE.toSeconds())
                .query(BrowserSessions::row)
                .list();
    }

    /** False when the account has no such session. */
    public boolean end(UUID userId, UUID id) {
        return jdbc.sql("""
                        update browser_sessions set ended_at = coalesce(ended_at, now()) where id = :id and user_id = :user
                        """).param("id", id).param("user", userId).update() == 1;
    }

    /** @param except the one that stays, null for none */
    public void endAll(UUID userId, @Nullable UUID except) {
        jdbc.sql("""
                        update browser_sessions set ended_at = now()
                        where user_id = :user and ended_at is null and id is distinct from cast(:except as uuid)
                        """).param("user", userId).param("except", except).update();
    }

    @Scheduled(fixedRateString = "PT1H")
    void forgetOld() {
        jdbc.sql("delete from browser_sessions where created_at < now() - interval '30 days'")
                .update();
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(
                row.getObject("id", UUID.class),
                row.getString("address"),
                row.getString("user_agent"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("last_seen_at", OffsetDateTime.class).toInstant());
    }
}
