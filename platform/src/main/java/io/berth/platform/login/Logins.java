// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import io.berth.core.spec.ContainerId;
import io.berth.core.spec.InvalidSpecException;
import io.berth.core.spec.TenantName;
import io.berth.core.ticket.Ticket;
import io.berth.core.ticket.TicketSigner;
import io.berth.platform.login.LoginDecision.Decision;
import io.berth.platform.sshkey.PublicKey;
import io.berth.platform.sshkey.UnfitKeyException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Decides about logins, by one statement each. Who has no known key learns nothing, not even whether a name is well-formed. */
@Component
class Logins {
    private static final Duration TICKET_LIFE = Duration.ofSeconds(60);
    private static final String UNKNOWN_KEY =
            "this key is not known here; add it to a tenant in the portal, or choose another by ssh -i";

    /** The names are only gathered for a message; the update touches nothing while the key was used within the last minute. */
    private static final String SELECT = """
            with used as (
                update ssh_keys set last_used_at = now()
                where fingerprint = :fingerprint
                  and (last_used_at is null or last_used_at < now() - interval '1 minute'))
            select t.name as tenant, t.state, c.id, c.observed_state, c.quarantine_reason,
                case when c.id is null then (
                    select string_agg(n.name, ', ') from (
                        select name from containers
                        where tenant_id = t.id and deleted_at is null and desired_state <> 'DELETED'
                        order by name limit 10) n) end as names
            from ssh_keys k join tenants t on t.id = k.tenant_id
            left join containers c on c.tenant_id = t.id and c.name = :container and c.deleted_at is null
                and c.desired_state <> 'DELETED'
            where k.fingerprint = :fingerprint
            """;

    private final JdbcClient jdbc;
    private final TicketSigner signer;
    private final Clock clock;

    Logins(JdbcClient jdbc, TicketSigner signer, Clock clock) {
        this.jdbc = jdbc;
        this.signer = signer;
        this.clock = clock;
    }

    private record Found(
            String tenant,
            boolean isActive,
            @Nullable UUID container,
            boolean isMade,
            @Nullable String quarantine,
            @Nullable String names) {}

    LoginDecision decide(String userName, String publicKey) {
        PublicKey key;
        try {
            key = PublicKey.parse(publicKey);
        } catch (UnfitKeyException e) {
            return LoginDecision.refused(Decision.UNKNOWN_KEY, UNKNOWN_KEY);
        }
        try {
            LoginName name = LoginName.parse(userName);
            return find(key, name.container().value())
                    .map(found -> judge(found, name, key))
                    .orElseGet(() -> LoginDecision.refused(Decision.UNKNOWN_KEY, UNKNOWN_KEY));
        } catch (InvalidSpecException e) {
            return find(key, "").isPresent()
                    ? badName(userName)
                    : LoginDecision.refused(Decision.UNKNOWN_KEY, UNKNOWN_KEY);
        }
    }

    private static LoginDecision badName(String userName) {
        String shown = printable(userName);
        return LoginDecision.refused(
                Decision.BAD_NAME,
                "'" + shown
                        + "' is no login name; use CONTAINER, USER+CONTAINER or CONTAINER.TENANT, such as ssh web@HOST");
    }

    /** It is shown on a terminal: nothing that moves a cursor passes. */
    private static String printable(String text) {
        String clean = text.codePoints()
                .map(point -> point > 0x20 && point < 0x7f ? point : '?')
                .limit(80)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return clean.length() < text.length() ? clean + "…" : clean;
    }

    private LoginDecision judge(Found found, LoginName name, PublicKey key) {
        UUID container = found.container();
        if (!found.isActive()) {
            return LoginDecision.refused(Decision.SUSPENDED, "this account is suspended; ask the platform's operator");
        }
        if (name.tenant() != null && !name.tenant().value().equals(found.tenant())) {
            return LoginDecision.refused(
                    Decision.NO_SUCH_CONTAINER,
                    "your key belongs to tenant '" + found.tenant() + "', not to '" + name.tenant() + "'; log in as "
                            + name.container() + ", or with another key by ssh -i");
        }
        if (container == null) {
            return LoginDecision.refused(Decision.NO_SUCH_CONTAINER, noSuchContainer(found, name));
        }
        if (!found.isMade()) {
            return LoginDecision.refused(
                    Decision.NO_SUCH_CONTAINER,
                    "container '" + name.container() + "' is still being made; try again in a moment");
        }
        if (found.quarantine() != null) {
            return LoginDecision.refused(
                    Decision.QUARANTINED,
                    "container '" + name.container() + "' is in quarantine: " + found.quarantine()
                            + "; contact the platform's operator");
        }
        return allowed(found.tenant(), container, name, key);
    }

    private static String noSuchContainer(Found found, LoginName name) {
        return "tenant '" + found.tenant() + "' has no container '" + name.container() + "'; "
                + (found.names() == null ? "make one in the portal first" : "it has: " + found.names());
    }

    private LoginDecision allowed(String tenant, UUID container, LoginName name, PublicKey key) {
        Instant expiresAt = clock.instant().plus(TICKET_LIFE).truncatedTo(ChronoUnit.MILLIS);
        String ticket = signer.sign(new Ticket(
                new TenantName(tenant),
                new ContainerId(container),
                name.guestUser(),
                EnumSet.allOf(Ticket.Grant.class),
                key.fingerprint(),
                expiresAt));
        return new LoginDecision(
                Decision.ALLOW,
                null,
                tenant,
                container.toString(),
                name.container().value(),
                name.guestUser().value(),
                ticket,
                expiresAt);
    }

    private Optional<Found> find(PublicKey key, String container) {
        return jdbc.sql(SELECT)
                .param("fingerprint", key.fingerprint())
                .param("container", container)
                .query(Logins::found)
                .optional();
    }

    private static Found found(ResultSet row, int number) throws SQLException {
        return new Found(
                row.getString("tenant"),
                row.getString("state").equals("ACTIVE"),
                row.getObject("id", UUID.class),
                row.getString("observed_state") != null,
                row.getString("quarantine_reason"),
                row.getString("names"));
    }
}
