// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.account;

import io.berth.platform.factor.SecondFactors;
import io.berth.platform.security.SecondProof;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Looks at a second factor where no password is shown, as slowly for who guesses as at a sign-in. */
@Component
public class CodeChecks {
    private static final Pattern CODE = Pattern.compile("[0-9]{6}");

    private final JdbcClient jdbc;
    private final SignInThrottle throttle;
    private final SecondFactors factors;

    CodeChecks(JdbcClient jdbc, SignInThrottle throttle, SecondFactors factors) {
        this.jdbc = jdbc;
        this.throttle = throttle;
        this.factors = factors;
    }

    /**
     * Takes the code, or says why not.
     *
     * @param code six digits, or a recovery code
     * @return fit for the user; null when it was right
     */
    public @Nullable String refusal(UUID person, String code, String address) {
        String name = jdbc.sql("select name from users where id = :id")
                .param("id", person)
                .query(String.class)
                .single();
        Optional<Duration> blocked = throttle.blocked(name, address);
        if (blocked.isPresent()) {
            return "there were too many wrong codes; try again in "
                    + blocked.get().toSeconds() + " s";
        }
        SecondProof proof = CODE.matcher(code).matches() ? new SecondProof(code, null) : new SecondProof(null, code);
        if (factors.take(person, proof)) {
            return null;
        }
        throttle.failed(name, address);
        return "the code is wrong, or was used already";
    }
}
