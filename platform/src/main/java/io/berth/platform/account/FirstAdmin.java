// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.account;

import io.berth.platform.factor.SecondFactors;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.security.OperatorRole;
import io.berth.platform.settings.InvalidSettingException;
import io.berth.platform.settings.PlatformSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes the account {@code admin} with the password that lies in admin.password, or gives an existing one that password; then the
 * file goes. Whoever can write that file owns the platform's directory anyway, so it is also the way back in for an operator who
 * lost the password, or the second factor, which is forgotten then. Done again after a crash in between, it changes nothing.
 */
@Component
class FirstAdmin implements SmartInitializingSingleton {
    private static final Logger LOG = LoggerFactory.getLogger(FirstAdmin.class);
    private static final String NAME = "admin";

    private final PlatformSettings settings;
    private final Users users;
    private final Passwords passwords;
    private final SecondFactors factors;
    private final TransactionTemplate transaction;

    FirstAdmin(
            PlatformSettings settings,
            Users users,
            Passwords passwords,
            SecondFactors factors,
            TransactionTemplate transaction) {
        this.settings = settings;
        this.users = users;
        this.passwords = passwords;
        this.factors = factors;
        this.transaction = transaction;
    }

    @Override
    public void afterSingletonsInstantiated() {
        Path file = settings.adminPassword();
        try {
            String hash = passwords.accepted(Files.readString(file).strip());
            transaction.executeWithoutResult(status -> set(hash));
            Files.delete(file);
            LOG.info("account set from a file account={} file={}", NAME, file);
        } catch (ProblemException e) {
            throw new InvalidSettingException(file + ": " + e.getMessage());
        } catch (NoSuchFileException e) {
            LOG.debug("no {}", file);
        } catch (IOException e) {
            throw new InvalidSettingException(
                    file + " can't be read and removed (" + e + "); give it to the platform's user, mode 0600");
        }
    }

    private void set(String hash) {
        Optional<User> admin = users.find(NAME);
        if (admin.isPresent()) {
            users.setPassword(admin.get().id(), hash);
            factors.clear(admin.get().id());
            users.setRole(admin.get(), OperatorRole.ADMIN); // whoever has this host may do everything
        } else {
            users.create(NAME, hash, OperatorRole.ADMIN);
        }
    }
}
