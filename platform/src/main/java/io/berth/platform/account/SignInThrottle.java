// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.account;

import java.time.Duration;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Counts failed passwords per account and per address, over restarts and replicas. After a few free ones each failure blocks for
 * twice as long as the last, up to 15 minutes; an hour without a failure forgets them.
 */
@Component
class SignInThrottle {
    private static final int FREE_PER_ACCOUNT = 5;
    private static final int FREE_PER_ADDRESS = 20;

    /** No account's name, so nothing is ever counted for it. */
    private static final String NOBODY = "";

    private final JdbcClient jdbc;

    SignInThrottle(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** How long nobody may try for this account or from this address; empty when they may. */
    Optional<Duration> blocked(String userName, String address) {
        return jdbc.sql("""
                        select ceil(extract(epoch from max(blocked_until) - now()))::bigint as seconds
                        from sign_in_failures where subject in (:user, :address) and blocked_until > now()
                        """)
                .param("user", user(userName))
                .param("address", address(address))
                .query((row, number) -> Optional.ofNullable(row.getObject("seconds", Long.class)))
                .single()
                .map(Duration::ofSeconds);
    }

    void failed(String userName, String address) {
        count(user(userName), FREE_PER_ACCOUNT);
        count(address(address), FREE_PER_ADDRESS);
    }

    /** The same for whoever shows no name: a recovery link's token. */
    Optional<Duration> blocked(String address) {
        return blocked(NOBODY, address);
    }

    void failed(String address) {
        count(address(address), FREE_PER_ADDRESS);
    }

    private void count(String subject, int free) {
        int failures =
                jdbc.sql("""
                        insert into sign_in_failures as f (subject, failures, last_at) values (:subject, 1, now())
                        on conflict (subject) do update set
                            failures = case when f.last_at < now() - interval '1 hour' then 1 else f.failures + 1 end,
                            last_at = now()
                        returning failures
                        """).param("subject", subject).query(Integer.class).single();
        if (failures >= free) {
            jdbc.sql(
                            "update sign_in_failures set blocked_until = now() + make_interval(secs => :seconds) where subject = :subject")
                    .param("seconds", Math.min(900, 1L << Math.min(10, failures - free)))
                    .param("subject", subject)
                    .update();
        }
    }

    /** A right password clears the account, not the address: an attacker may own one account. */
    void succeeded(String userName) {
        jdbc.sql("delete from sign_in_failures where subject = :subject")
                .param("subject", user(userName))
                .update();
    }

    @Scheduled(fixedRateString = "PT1H")
    void forgetOld() {
        jdbc.sql("delete from sign_in_failures where last_at < now() - interval '1 hour'")
                .update();
    }

    private static String user(String name) {
        return "user:" + name;
    }

    private static String address(String address) {
        return "address:" + address;
    }
}
