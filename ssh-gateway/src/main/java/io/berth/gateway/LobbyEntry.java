// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.AttachedProcess;
import io.berth.gateway.audit.AuditEvent.Kind;
import io.berth.gateway.audit.AuditEvent.Outcome;
import io.berth.gateway.audit.AuditEvent.Where;
import io.berth.gateway.audit.TimeOrdered;
import io.berth.gateway.lobby.Lobby;
import io.berth.gateway.lobby.LobbyProcess;
import org.jspecify.annotations.Nullable;

/** Leads a channel into the lobby. */
record LobbyEntry(Reception reception) {
    /** The lobby's name, as a user name and in the log. */
    static final String LOBBY = "lobby";

    /**
     * A container that there is not may have been meant: under its name the lobby takes no order that changes anything.
     *
     * @return null when the client was told why it does not get in
     */
    @Nullable
    AttachedProcess enter(Login login, Decision.Lobby lobby) throws PlatformSilentException {
        SessionRequest request = reception.request();
        String command = reception.wanted().command();
        if (reception.wanted().subsystem() != null) {
            return reception.refused(
                    Banner.of(lobby.instead() == null ? "the lobby has no files; name a container" : lobby.instead()));
        }
        if (lobby.instead() != null) {
            if (command == null ? request.pty() == null : !Lobby.onlyLooks(command)) {
                return reception.refused(Banner.of(lobby.instead()));
            }
            reception.words().tell(Banner.of(lobby.instead() + "; this is the lobby"));
        }
        LiveSession opened = reception.opened(
                Watch.who(login, lobby.tenant().value()),
                new Where(LOBBY, LOBBY, TimeOrdered.id()),
                LOBBY,
                request.pty() != null,
                lobby.policy());
        String full = reception.seat().take(opened, lobby.policy());
        return full == null ? process(login, lobby, opened) : reception.refused(Banner.of(full));
    }

    private AttachedProcess process(Login login, Decision.Lobby lobby, LiveSession opened)
            throws PlatformSilentException {
        SessionChannel channel = reception.channel();
        SessionRequest request = reception.request();
        reception
                .log()
                .info(
                        "event=session tenant={} container=none kind={} pty={} source={}",
                        lobby.tenant(),
                        reception.wanted().kind(),
                        request.pty() != null,
                        login.request().sourceAddress());
        return LobbyProcess.start(
                LobbyStay.of(channel.getSession(), reception.relays().desk())
                        .visitor(
                                channel.getSession(),
                                login,
                                line -> reception
                                        .watch()
                                        .note(
                                                Kind.LOBBY,
                                                Outcome.DONE,
                                                opened.facts().who(),
                                                opened.facts().where(),
                                                line)),
                reception.wanted().command(),
                lobby.rules().pty() ? request.pty() : null,
                reception.relays().threads());
    }
}
