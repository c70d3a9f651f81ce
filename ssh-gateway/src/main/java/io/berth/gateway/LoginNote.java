// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.gateway.audit.AuditEvent.Kind;
import io.berth.gateway.audit.AuditEvent.Outcome;
import io.berth.gateway.audit.AuditEvent.Where;
import io.berth.gateway.text.Printable;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;

/** A word in the log and in the audit on who got in. */
record LoginNote(Watch watch) {
    void loggedIn(ServerSession session, String userName) {
        Login login = session.getAttribute(Login.KEY);
        if (login != null) {
            watch.log()
                    .info(
                            "event=login user={} key={} source={} {}",
                            Printable.of(userName),
                            login.fingerprint(),
                            KeyCheck.source(session),
                            switch (login.first()) {
                                case Decision.Admitted admitted ->
                                    "tenant=" + admitted.tenant() + " container=" + Printable.of(admitted.container());
                                case Decision.Lobby lobby -> "tenant=" + lobby.tenant() + " container=none";
                                default -> "container=none";
                            });
            watch.note(Kind.LOGIN, Outcome.DONE, Watch.who(login, tenant(login.first())), where(login.first()), null);
        }
    }

    private static @Nullable String tenant(Decision decision) {
        return switch (decision) {
            case Decision.Admitted admitted -> admitted.tenant().value();
            case Decision.Lobby lobby -> lobby.tenant().value();
            default -> null;
        };
    }

    private static Where where(Decision decision) {
        return switch (decision) {
            case Decision.Admitted admitted ->
                new Where(admitted.container(), admitted.user().value(), null);
            case Decision.Lobby _ -> new Where("lobby", null, null);
            default -> Where.NOWHERE;
        };
    }
}
