// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.time.Duration;

/** Decides on logins. */
@FunctionalInterface
interface LoginDesk {
    /** Blocks for as long as it takes to ask; every call asks again. */
    Decision decide(LoginRequest request) throws PlatformSilentException;

    /** The same for whoever need not wait for the platform so long. */
    default Decision decide(LoginRequest request, Duration patience) throws PlatformSilentException {
        return decide(request);
    }

    /** The same when nobody logs in just now. */
    default Decision renew(LoginRequest request) throws PlatformSilentException {
        return decide(request);
    }

    /**
     * The same for a container that does not run, once it does, or can't, or may not be started by this login.
     *
     * @param interactive whether a shell with a terminal is wanted
     */
    default Decision wake(LoginRequest request, boolean interactive) throws PlatformSilentException {
        return decide(request);
    }

    /** A credential of the client's in the lobby; the client's signature has to prove that it wants in there. */
    default LobbyCredential lobby(LoginRequest request, Proof proof) throws PlatformSilentException {
        throw new PlatformSilentException("there is no lobby");
    }

    /** The word on the code that somebody showed beside a key. */
    default SecondFactorAnswer secondFactor(LoginRequest request, String code) throws PlatformSilentException {
        throw new PlatformSilentException("nobody knows of codes");
    }

    /** The client has hung up. */
    default void leaveLobby(LobbyCredential credential) {}
}
