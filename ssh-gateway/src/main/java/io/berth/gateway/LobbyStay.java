// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.gateway.lobby.Visitor;
import java.util.function.Consumer;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.session.Session;
import org.jspecify.annotations.Nullable;

/** One connection's stay in the lobby: the platform lends us a credential for it, which we give back when the client hangs up. */
final class LobbyStay {
    private static final AttributeKey<LobbyStay> KEY = new AttributeKey<>();

    private final LoginDesk desk;
    private @Nullable LobbyCredential credential;
    private boolean over;

    private LobbyStay(LoginDesk desk) {
        this.desk = desk;
    }

    static LobbyStay of(Session session, LoginDesk desk) {
        return session.computeAttributeIfAbsent(KEY, _ -> {
            var stay = new LobbyStay(desk);
            session.addCloseFutureListener(_ -> Thread.ofVirtual().start(stay::end));
            return stay;
        });
    }

    /** All channels of the connection share one: the client's signature is good once. For threads of ours. */
    synchronized Visitor visitor(Session session, Login login, Consumer<String> noted) throws PlatformSilentException {
        Proof proof = session.getAttribute(Proof.KEY);
        if (proof == null || over) {
            throw new PlatformSilentException("a lobby without a client");
        }
        LobbyCredential lent = credential;
        if (lent == null) {
            lent = desk.lobby(login.request(), proof);
            credential = lent;
        }
        return new Visitor(
                lent.rest(),
                lent.tenant(),
                lent.person(),
                login.fingerprint(),
                login.request().sourceAddress(),
                noted);
    }

    private synchronized void end() {
        over = true;
        if (credential != null) {
            desk.leaveLobby(credential);
        }
    }
}
