// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Sign-in by name and password for whoever is no filter: the session's controller. */
@Component
public class PasswordSignIn {
    private final Credentials credentials;

    PasswordSignIn(Credentials credentials) {
        this.credentials = credentials;
    }

    /** @throws io.berth.platform.problem.ProblemException when the name or password is wrong, or there were too many */
    public SignIn.Accepted signIn(String userName, String password, SecondProof proof, String address) {
        return CredentialFilter.accepted(credentials.byPassword(userName, password, proof, address));
    }

    /** The password alone, of somebody who is signed in. */
    public void checkPassword(String userName, String password, String address) {
        SignIn signIn = credentials.byPassword(userName, password, SecondProof.NONE, address);
        if (!(signIn instanceof SignIn.SecondFactorNeeded)) {
            CredentialFilter.accepted(signIn);
        }
    }

    /** Whether it was by a second factor. */
    public boolean confirm(Caller caller, @Nullable String password, SecondProof proof, String address) {
        return CredentialFilter.accepted(credentials.confirmed(caller, password, proof, address))
                .caller()
                .proof()
                .secondFactor();
    }
}
