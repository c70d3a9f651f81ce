// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request, and how far the credential reaches.
 *
 * @param userId the account
 * @param userName its name
 * @param isOperator whether the account is an operator's, whatever the credential
 * @param kind what the caller showed
 * @param scopes what the credential is good for
 * @param onlyTenant the one tenant that the credential is good for, null for all of the account's
 */
public record Caller(
        UUID userId,
        String userName,
        boolean isOperator,
        Kind kind,
        Set<Scope> scopes,
        @Nullable UUID onlyTenant) {
    /** Of a request: who sent it, for those outside of Spring Security. */
    public static final String ATTRIBUTE = "berth.caller";

    /** Kinds of credential. */
    public enum Kind {
        PASSWORD,
        SESSION,
        TOKEN,
        /** A login to the SSH lobby: who added the key, in the key's tenant. */
        LOBBY
    }

    public Caller {
        EnumSet<Scope> reach = EnumSet.noneOf(Scope.class);
        reach.addAll(scopes);
        if (reach.contains(Scope.WRITE)) {
            reach.add(Scope.READ);
        }
        scopes = Set.copyOf(reach);
    }

    /** Someone who showed that they are there in person: everything that the account may do. */
    public static Caller inPerson(UUID userId, String userName, boolean isOperator, Kind kind) {
        return new Caller(userId, userName, isOperator, kind, EnumSet.allOf(Scope.class), null);
    }

    /** Who logged in to the SSH lobby: never with an operator's power. */
    public static Caller inLobby(UUID userId, String userName, boolean isOperator, UUID tenant) {
        return new Caller(userId, userName, isOperator, Kind.LOBBY, EnumSet.of(Scope.WRITE), tenant);
    }

    /** Whether the caller is in that tenant by a key of the tenant's: operators put keys into tenants that they are no members of. */
    public boolean isInBy(UUID tenant) {
        return kind == Kind.LOBBY && isOperator && tenant.equals(onlyTenant);
    }

    /** Whether an operator's power may be used with this credential. */
    public boolean actsAsOperator() {
        return isOperator && scopes.contains(Scope.ADMIN) && onlyTenant == null;
    }

    /** @throws ProblemException when the caller can't act as an operator */
    public void requireOperator() {
        if (!actsAsOperator()) {
            throw new ProblemException(
                    ProblemKind.FORBIDDEN,
                    isOperator
                            ? "this token does not reach an operator's power; it needs the scope ADMIN and no tenant"
                            : "only an operator of the platform may do this; ask one");
        }
    }

    /** @throws ProblemException when the caller shows a token: what it could make would outlive its revocation */
    public void requireInPerson() {
        if (kind == Kind.TOKEN || kind == Kind.LOBBY) {
            throw new ProblemException(
                    ProblemKind.FORBIDDEN, "a token can't do this; sign in with the password or a session");
        }
    }
}
