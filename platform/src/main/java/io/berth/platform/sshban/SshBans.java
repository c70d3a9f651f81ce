// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshban;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The table of bans. One that has expired is as good as lifted. */
@Component
class SshBans {
    /** A gateway holds them all in memory and gets all of them at once. */
    private static final int MOST = 10_000;

    private static final String STANDING = "(b.expires_at is null or b.expires_at > now())";
    private static final String SELECT =
            "select b.*, u.name as who from ssh_bans b left join users u on u.id = b.banned_by where " + STANDING;

    private final JdbcClient jdbc;

    SshBans(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The newest first. */
    List<SshBan> list(@Nullable UUID before, int limit) {
        return jdbc.sql(SELECT
                        + " and (cast(:before as uuid) is null or b.id < :before) order by b.id desc limit :limit")
                .param("before", before)
                .param("limit", limit + 1)
                .query(SshBans::ban)
                .list();
    }

    Optional<SshBan> find(UUID id) {
        return jdbc.sql(SELECT + " and b.id = :id")
                .param("id", id)
                .query(SshBans::ban)
                .optional();
    }

    /** @throws ProblemException when it is banned already, or there are too many */
    @Transactional
    SshBan add(BannedNetwork network, String reason, @Nullable Instant expiresAt, Caller caller) {
        jdbc.sql("delete from ssh_bans where expires_at <= now()").update();
        if (jdbc.sql("select count(*) from ssh_bans").query(Integer.class).single() >= MOST) {
            throw new ProblemException(
                    ProblemKind.CONFLICT,
                    "there are " + MOST + " bans, and no more are kept; lift some, or ban one wider network for many");
        }
        UUID id = UuidCreator.getTimeOrderedEpoch();
        int rows = jdbc.sql("""
                        insert into ssh_bans (id, network, reason, banned_by, expires_at)
                        values (:id, cast(:network as cidr), :reason, :who, :expires) on conflict (network) do nothing
                        """)
                .param("id", id)
                .param("network", network.cidr())
                .param("reason", reason)
                .param("who", caller.userId())
                .param("expires", expiresAt == null ? null : expiresAt.atOffset(ZoneOffset.UTC))
                .update();
        if (rows == 0) {
            throw new ProblemException(
                    ProblemKind.CONFLICT,
                    "'" + network.cidr() + "' is banned already; lift that ban first to give another reason or end");
        }
        return find(id).orElseThrow();
    }

    boolean lift(UUID id) {
        return jdbc.sql("delete from ssh_bans where id = :id").param("id", id).update() > 0;
    }

    /** A network and its end, as gateways hold to it. */
    record Standing(String network, @Nullable Instant until) {}

    /** Grows with each change. */
    long version() {
        return jdbc.sql("select version from ssh_ban_version").query(Long.class).single();
    }

    List<Standing> standing() {
        return jdbc.sql("select b.network::text as network, b.expires_at from ssh_bans b where " + STANDING)
                .query((row, number) -> new Standing(row.getString("network"), instant(row, "expires_at")))
                .list();
    }

    private static SshBan ban(ResultSet row, int number) throws SQLException {
        return new SshBan(
                row.getObject("id", UUID.class),
                row.getString("network"),
                row.getString("reason"),
                row.getString("who"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row, "expires_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
