// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.account;

import io.berth.platform.factor.SecondFactors;
import io.berth.platform.security.Caller;
import io.berth.platform.security.Credentials;
import io.berth.platform.security.Proof;
import io.berth.platform.security.SecondProof;
import io.berth.platform.security.SignIn;
import io.berth.platform.settings.PlatformSettings;
import io.berth.platform.settings.SecondFactorSetting;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Passwords, tokens and sessions compared with what the database knows. */
@Component
class AccountCredentials implements Credentials {
    private static final int MOST_NAME_CHARACTERS = 64;

    private final Users users;
    private final Passwords passwords;
    private final Tokens tokens;
    private final SignInThrottle throttle;
    private final SecondFactors factors;
    private final boolean operatorsNeedSecondFactor;

    AccountCredentials(
            Users users,
            Passwords passwords,
            Tokens tokens,
            SignInThrottle throttle,
            SecondFactors factors,
            PlatformSettings settings) {
        this.users = users;
        this.passwords = passwords;
        this.tokens = tokens;
        this.throttle = throttle;
        this.factors = factors;
        this.operatorsNeedSecondFactor = settings.secondFactor() == SecondFactorSetting.OPERATORS;
    }

    @Override
    public SignIn byPassword(String userName, String password, SecondProof proof, String address) {
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
        return withPassword(found.get(), proof, address);
    }

    /** A right password clears no failures as long as the code is wrong: it would let whoever knows it guess for ever. */
    private SignIn withPassword(Users.Secret secret, SecondProof proof, String address) {
        User user = secret.user();
        boolean hasSecondFactor = factors.has(user.id());
        if (hasSecondFactor && proof.isNone()) {
            return new SignIn.SecondFactorNeeded();
        }
        if (hasSecondFactor && !factors.take(user.id(), proof)) {
            throttle.failed(user.name(), address);
            return new SignIn.WrongCode();
        }
        throttle.succeeded(user.name());
        return new SignIn.Accepted(
                caller(user, Caller.Kind.PASSWORD, new Proof(hasSecondFactor, true)), secret.credentialsVersion());
    }

    @Override
    public SignIn confirmed(Caller caller, @Nullable String password, SecondProof proof, String address) {
        Optional<Duration> blocked = throttle.blocked(caller.userName(), address);
        if (blocked.isPresent()) {
            return new SignIn.Throttled(blocked.get());
        }
        Optional<Users.Secret> found = users.secret(caller.userName());
        if (found.isEmpty()) {
            return new SignIn.Refused();
        }
        if (factors.has(caller.userId())) {
            return withPassword(found.get(), proof, address);
        }
        if (password == null || !passwords.matches(password, found.get().passwordHash())) {
            throttle.failed(caller.userName(), address);
            return new SignIn.Refused();
        }
        return withPassword(found.get(), proof, address);
    }

    @Override
    public Optional<Caller> byToken(String token) {
        return tokens.caller(token);
    }

    @Override
    public Optional<Caller> bySession(UUID userId, int credentialsVersion, Proof proof) {
        return users.find(userId, credentialsVersion).map(user -> caller(user, Caller.Kind.SESSION, proof));
    }

    private Caller caller(User user, Caller.Kind kind, Proof proof) {
        Caller caller = Caller.inPerson(user.id(), user.name(), user.operatorRole(), kind, proof);
        return user.operatorRole() != null && operatorsNeedSecondFactor && !proof.secondFactor()
                ? caller.withoutOperatorsPower()
                : caller;
    }
}
