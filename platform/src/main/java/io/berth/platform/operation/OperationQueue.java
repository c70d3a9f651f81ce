// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.operation;

import io.berth.platform.problem.Problem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The table of operations as workers see it. A worker that claims one holds a lease; when it dies the lease runs out and another
 * takes over. The number of the attempt fences: whoever lost the lease can't write any more.
 */
@Component
class OperationQueue {
    static final Duration LEASE = Duration.ofSeconds(15);
    private static final int MOST_RUNNING_PER_TENANT = 8;
    private static final int MOST_LOG_CHARACTERS = 16_384;

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Doorbell doorbell;

    OperationQueue(JdbcClient jdbc, JsonMapper json, Doorbell doorbell) {
        this.jdbc = jdbc;
        this.json = json;
        this.doorbell = doorbell;
    }

    /** One attempt at an operation, owned until the lease runs out. */
    record Claim(
            UUID id,
            OperationKind kind,
            Operation.Target target,
            Map<String, Object> arguments,
            int attempt,
            Instant createdAt) {
        Claim {
            arguments = Map.copyOf(arguments);
        }
    }

    /**
     * Takes the oldest operation that may run: nothing earlier on the same target is unfinished, and its tenant does not hold the
     * workers that others wait for. An operator's waits for earlier ones of its own kind alone. SKIP LOCKED lets replicas claim
     * side by side. The commit is on disk before the work begins: were the claim lost with the server, the next one would have its number
     * of attempts, and whoever works on the first would pass for the second.
     */
    Optional<Claim> claim(List<OperationKind> kinds) {
        return jdbc.sql("""
                        with busy as materialized (
                            select r.tenant_id from operations r
                            where r.tenant_id is not null and r.state = 'RUNNING' and r.lease_until > now()
                            group by r.tenant_id having count(*) >= :most)
                        update operations
                        set state = 'RUNNING', attempts = attempts + 1, started_at = coalesce(started_at, now()),
                            lease_until = now() + make_interval(secs => :lease)
                        where id = (
                            select o.id from operations o
                            where o.kind in (:kinds) and o.state in ('PENDING', 'RUNNING')
                              and o.not_before <= now() and (o.lease_until is null or o.lease_until < now())
                              and (:operators or o.tenant_id is null or o.tenant_id not in (select b.tenant_id from busy b))
                              and not exists (
                                  select from operations e
                                  where e.target_type = o.target_type and e.target_id = o.target_id
                                    and e.state in ('PENDING', 'RUNNING') and e.number < o.number
                                    and (not :operators or e.kind in (:kinds))
                                  offset 0) -- looked up for each candidate: as a join it would be made for all that waits
                            order by o.number limit 1
                            for update skip locked)
                        returning *
                        """)
                .param("lease", LEASE.toSeconds())
                .param("kinds", kinds.stream().map(OperationKind::name).toList())
                .param("most", MOST_RUNNING_PER_TENANT)
                .param("operators", kinds.stream().allMatch(OperationKind::isOperators))
                .query(this::claimed)
                .optional();
    }

    /** False when the lease was lost: somebody else runs it now. */
    boolean renew(Claim claim) {
        return jdbc.sql("""
                        update operations set lease_until = now() + make_interval(secs => :lease)
                        where id = :id and attempts = :attempt and state = 'RUNNING'
                        """)
                        .param("lease", LEASE.toSeconds())
                        .param("id", claim.id())
                        .param("attempt", claim.attempt())
                        .update()
                == 1;
    }

    void progress(Claim claim, String lines) {
        jdbc.sql("""
                        update operations set progress = :last, log = right(log || :lines, :most)
                        where id = :id and attempts = :attempt and state = 'RUNNING'
                        """)
                .param("last", lines.stripTrailing().lines().reduce("", (first, second) -> second))
                .param("lines", lines)
                .param("most", MOST_LOG_CHARACTERS)
                .param("id", claim.id())
                .param("attempt", claim.attempt())
                .update();
        doorbell.changed(claim.id());
    }

    /** @param error null for success; false when the lease was lost, then nothing has changed */
    boolean finish(Claim claim, @Nullable Problem error) {
        int rows = jdbc.sql("""
                        update operations
                        set state = :state, error = cast(:error as jsonb), finished_at = now(), lease_until = null
                        where id = :id and attempts = :attempt and state = 'RUNNING'
                        """)
                .param("state", (error == null ? OperationState.SUCCEEDED : OperationState.FAILED).name())
                .param("error", error == null ? null : json.writeValueAsString(error))
                .param("id", claim.id())
                .param("attempt", claim.attempt())
                .update();
        doorbell.finished(claim.id());
        return rows == 1;
    }

    /** Gives it back, to be tried again after the delay. */
    void release(Claim claim, Duration delay) {
        jdbc.sql("""
                        update operations
                        set state = 'PENDING', lease_until = null, not_before = now() + make_interval(secs => :delay)
                        where id = :id and attempts = :attempt and state = 'RUNNING'
                        """)
                .param("delay", delay.toMillis() / 1000.0)
                .param("id", claim.id())
                .param("attempt", claim.attempt())
                .update();
    }

    private Claim claimed(ResultSet row, int number) throws SQLException {
        return new Claim(
                row.getObject("id", UUID.class),
                OperationKind.valueOf(row.getString("kind")),
                OperationRows.target(row),
                json.readValue(row.getString("arguments"), new TypeReference<Map<String, Object>>() {}),
                row.getInt("attempts"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
