// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

import org.springframework.stereotype.Component;

/** Sign-in by name and password for whoever is no filter: the session's controller. */
@Component
public class PasswordSignIn {
    private final Credentials credentials;

    PasswordSignIn(Credentials credentials) {
        this.credentials = credentials;
    }

    /** @throws io.berth.platform.problem.ProblemException when the name or password is wrong, or there were too many */
    public SignIn.Accepted signIn(String userName, String password, String address) {
        return CredentialFilter.accepted(credentials.byPassword(userName, password, address));
    }
}
