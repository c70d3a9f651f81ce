// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

/** Decides on logins. */
@FunctionalInterface
interface LoginDesk {
    /** Blocks for as long as it takes to ask; every call asks again. */
    Decision decide(LoginRequest request) throws PlatformSilentException;

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

    /** The client has hung up. */
    default void leaveLobby(LobbyCredential credential) {}
}
