// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.AgentException;
import io.berth.core.client.AttachedProcess;
import io.berth.core.protocol.Refusal;
import io.berth.gateway.audit.AuditEvent.Kind;
import io.berth.gateway.audit.AuditEvent.Outcome;
import io.berth.gateway.audit.AuditEvent.Where;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Finds a channel its process by the platform's word, in a container that is woken where that is due, or in the lobby. */
record Arrival(Reception reception) {
    /** @return null when the client was told why there is none */
    @Nullable
    AttachedProcess process() throws PlatformSilentException {
        Login login = reception.channel().getSession().getAttribute(Login.KEY);
        if (login == null) {
            throw new IllegalStateException("a channel of a connection that nobody logged in to");
        }
        return switch (login.forChannel()) {
            case Decision.Admitted admitted -> attachAwake(login, admitted);
            case Decision.Lobby lobby -> new LobbyEntry(reception).enter(login, lobby);
            case Decision.SecondFactor _ -> reception.refused(Banner.CODE_IS_OLD);
            case Decision.Nowhere(String message) -> reception.refused(Banner.of(message));
            case Decision.BadName(String message) -> reception.refused(Banner.of(message));
            case Decision.Refused _ -> reception.refused(Banner.NO_ACCESS); // the key was removed since
        };
    }

    private @Nullable AttachedProcess attachAwake(Login login, Decision.Admitted admitted)
            throws PlatformSilentException {
        Decision.Stopped stopped = admitted.stopped();
        if (stopped != null) {
            return attachWoken(login, admitted, stopped);
        }
        try {
            return new Entry(reception).enter(login, admitted);
        } catch (AgentException e) {
            // it may have been stopped since the platform's word, or by itself a moment ago
            if (e.refusal() == Refusal.CONFLICT
                    && login.anew() instanceof Decision.Admitted now
                    && now.stopped() != null) {
                return attachWoken(login, now, now.stopped());
            }
            throw e;
        }
    }

    private @Nullable AttachedProcess attachWoken(Login login, Decision.Admitted admitted, Decision.Stopped stopped)
            throws PlatformSilentException {
        boolean interactive = reception.request().pty() != null
                && reception.wanted().kind(admitted).equals("shell");
        if (!Waking.isDue(stopped, interactive)) {
            return reception.refused(Waking.stopped(admitted.container()));
        }
        reception.words().tell(Waking.begun(admitted.container()));
        long start = System.nanoTime();
        return switch (login.wake(interactive)) {
            case Decision.Admitted woken
            when woken.stopped() == null -> {
                Duration taken = Duration.ofNanos(System.nanoTime() - start);
                reception.words().tell(Waking.done(admitted.container(), taken));
                reception
                        .watch()
                        .note(
                                Kind.WAKE,
                                Outcome.DONE,
                                Watch.who(login, admitted.tenant().value()),
                                new Where(admitted.container(), admitted.user().value(), null),
                                taken.toMillis() + " ms");
                yield new Entry(reception).enter(login, woken);
            }
            case Decision.Admitted still -> reception.refused(Waking.stopped(still.container()));
            case Decision.Nowhere(String message) -> reception.refused(Banner.of(message));
            case Decision.BadName(String message) -> reception.refused(Banner.of(message));
            case Decision.Lobby _ ->
                reception.refused(Banner.of("container '" + admitted.container() + "' was deleted just now"));
            case Decision.SecondFactor _ -> reception.refused(Banner.CODE_IS_OLD);
            case Decision.Refused _ -> reception.refused(Banner.NO_ACCESS);
        };
    }
}
