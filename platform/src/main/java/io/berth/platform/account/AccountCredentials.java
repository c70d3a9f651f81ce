// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.account;

import io.berth.platform.security.Caller;
import io.berth.platform.security.Credentials;
import io.berth.platform.security.SignIn;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Passwords, tokens and sessions compared with what the database knows. */
@Component
class AccountCredentials implements Credentials {
    private static final int MOST_NAME_CHARACTERS = 64;

    private final Users users;
    private final Passwords passwords;
    private final Tokens tokens;
    private final SignInThrottle throttle;

    AccountCredentials(Users users, Passwords passwords, Tokens tokens, SignInThrottle throttle) {
        this.users = users;
        this.passwords = passwords;
        this.tokens = tokens;
        this.throttle = throttle;
    }

    @Override
    public SignIn byPassword(String userName, String password, String address) {
        if (userName.length() > MOST_NAME_CHARACTERS || userName.indexOf('\0') >= 0) {
            return new SignIn.Refused();
        }
        Optional<Duration> blocked = throttle.blocked(userName, address);
        if (blocked.isPresent()) {
            return new SignIn.Throttled(blocked.get());
        }
        Optional<Users.Secret> found = users.secret(userName);
        String hash = found.map(Users.Secret::passwordHash).orElse(null);
        if (!passwords.matches(password, hash) || found.isEmpty()) {
            throttle.failed(userName, address);
            return new SignIn.Refused();
        }
        throttle.succeeded(userName);
        return new SignIn.Accepted(
                caller(found.get().user(), Caller.Kind.PASSWORD), found.get().credentialsVersion());
    }

    @Override
    public Optional<Caller> byToken(String token) {
        return tokens.caller(token);
    }

    @Override
    public Optional<Caller> bySession(UUID userId, int credentialsVersion) {
        return users.find(userId, credentialsVersion).map(user -> caller(user, Caller.Kind.SESSION));
    }

    private static Caller caller(User user, Caller.Kind kind) {
        return Caller.inPerson(user.id(), user.name(), user.operator(), kind);
    }
}
