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
 * @param operatorRole the account's, whatever the credential; null for no operator
 * @param kind what the caller showed
 * @param scopes what the credential is good for
 * @param onlyTenant the one tenant that the credential is good for, null for all of the account's
 * @param proof how well the caller has shown who they are
 */
public record Caller(
        UUID userId,
        String userName,
        @Nullable OperatorRole operatorRole,
        Kind kind,
        Set<Scope> scopes,
        @Nullable UUID onlyTenant,
        Proof proof) {
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
    public static Caller inPerson(UUID userId, String userName, @Nullable OperatorRole role, Kind kind, Proof proof) {
        return new Caller(userId, userName, role, kind, EnumSet.allOf(Scope.class), null, proof);
    }

    /** The same caller, as long as no second factor is shown where operators are to show one: what any person may do. */
    public Caller withoutOperatorsPower() {
        return new Caller(userId, userName, operatorRole, kind, EnumSet.of(Scope.WRITE), onlyTenant, proof);
    }

    /** Who logged in to the SSH lobby: never with an operator's power. */
    public static Caller inLobby(UUID userId, String userName, @Nullable OperatorRole role, UUID tenant) {
        return new Caller(userId, userName, role, Kind.LOBBY, EnumSet.of(Scope.WRITE), tenant, Proof.OF_TOKEN);
    }

    /** Whether the caller is in that tenant by a key of the tenant's: operators put keys into tenants that they are no members of. */
    public boolean isInBy(UUID tenant) {
        return kind == Kind.LOBBY && operatorRole == OperatorRole.ADMIN && tenant.equals(onlyTenant);
    }

    /** Whether everything that an operator may do may be done with this credential. */
    public boolean actsAsOperator() {
        return operates(OperatorPower.ADMINISTER);
    }

    /** Whether that may be done with this credential. */
    public boolean operates(OperatorPower power) {
        return operatorRole != null && operatorRole.has(power) && scopes.contains(Scope.ADMIN) && onlyTenant == null;
    }

    /** @throws ProblemException when the caller can't do everything that an operator may */
    public void requireOperator() {
        requireOperator(OperatorPower.ADMINISTER);
    }

    /** @throws ProblemException when the caller can't do that as an operator */
    public void requireOperator(OperatorPower power) {
        if (operates(power)) {
            return;
        }
        if (operatorRole == null) {
            throw forbidden("only an operator of the platform may do this; ask one");
        }
        if (!operatorRole.has(power)) {
            throw forbidden("operators of the role " + operatorRole + " may not do this; ask one of the role ADMIN");
        }
        if (isInPerson()) {
            throw new ProblemException(
                    ProblemKind.SECOND_FACTOR_DEMANDED,
                    "operators of this platform need a second factor: add one to your account, or sign in with it");
        }
        throw forbidden("this token does not reach an operator's power; it needs the scope ADMIN and no tenant");
    }

    private static ProblemException forbidden(String detail) {
        return new ProblemException(ProblemKind.FORBIDDEN, detail);
    }

    /** Whether a password or a session is shown, and no token. */
    public boolean isInPerson() {
        return kind == Kind.PASSWORD || kind == Kind.SESSION;
    }

    /** @throws ProblemException when a session has not shown for a while that the person is still there */
    public void requireFresh() {
        if (!proof.isFresh()) {
            throw new ProblemException(
                    ProblemKind.CONFIRMATION_NEEDED,
                    "confirm that it is you: POST /api/v1/session/confirmation with a code of your second factor, or the"
                            + " password where there is none; then send this again");
        }
    }

    /** @throws ProblemException when the caller shows a token: what it could make would outlive its revocation */
    public void requireInPerson() {
        if (!isInPerson()) {
            throw new ProblemException(
                    ProblemKind.FORBIDDEN, "a token can't do this; sign in with the password or a session");
        }
    }
}
