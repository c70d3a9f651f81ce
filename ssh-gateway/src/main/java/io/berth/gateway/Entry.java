// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.AgentException;
import io.berth.core.client.AttachedProcess;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.AttachRequest.Subsystem;
import io.berth.core.protocol.PtyRequest;
import io.berth.gateway.audit.AuditEvent.Outcome;
import io.berth.gateway.audit.AuditEvent.Where;
import io.berth.gateway.audit.TimeOrdered;
import io.berth.gateway.recording.RecordingFailedException;
import io.berth.gateway.sftp.AuditedSftp;
import io.berth.gateway.text.Printable;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a channel's process into being in a container that runs. */
record Entry(Reception reception) {
    private static final Logger LOG = LoggerFactory.getLogger(Entry.class);

    /** @return null when the client was told why there is none */
    @Nullable
    AttachedProcess enter(Login login, Decision.Admitted admitted) {
        Wanted wanted = reception.wanted();
        AttachRequest attach =
                reception.request().limited(admitted, wanted.command(), wanted.subsystem(), environment(admitted));
        LiveSession opened = reception.opened(
                Watch.who(login, admitted.tenant().value()),
                new Where(admitted.container(), admitted.user().value(), TimeOrdered.id()),
                wanted.kind(admitted),
                attach.pty() != null,
                admitted.policy());
        String full = reception.seat().take(opened, admitted.policy());
        if (full != null) {
            return reception.refused(Banner.of(full));
        }
        try {
            AttachedProcess attached = recorded(opened, admitted, attach, () -> attached(login, admitted, attach));
            if (attached == null) {
                return null;
            }
            reception
                    .watch()
                    .note(
                            wanted.event(),
                            Outcome.DONE,
                            opened.facts().who(),
                            opened.facts().where(),
                            attach.command());
            tellOfStandby(admitted, attach);
            greet(admitted.policy(), attach);
            return attach.subsystem() == Subsystem.SFTP
                    ? new AuditedSftp(
                            attached,
                            reception.watch().journal(),
                            opened.facts().who(),
                            opened.facts().where())
                    : attached;
        } catch (AgentException e) {
            reception.seat().giveBack();
            throw e;
        }
    }

    /** @return null when it must be recorded and can't be */
    private @Nullable AttachedProcess recorded(
            LiveSession opened, Decision.Admitted admitted, AttachRequest attach, Supplier<AttachedProcess> process) {
        Decision.RecordingWish wish = admitted.policy().recording();
        PtyRequest terminal = attach.pty();
        if (wish == null || terminal == null) {
            return process.get();
        }
        var recorder = new Recorder(reception, wish, opened.facts());
        try {
            return recorder.record(terminal, attach.command(), process);
        } catch (RecordingFailedException e) {
            recorder.note(String.valueOf(e.getMessage()));
            if (wish.required()) {
                reception.seat().giveBack();
                return reception.refused(Recorder.refusal(e));
            }
            reception.words().tell(Banner.of("this session is not recorded: " + e.getMessage()));
            return process.get();
        }
    }

    private AttachedProcess attached(Login login, Decision.Admitted admitted, AttachRequest attach) {
        reception
                .log()
                .info(
                        "event=session tenant={} container={} user={} kind={} pty={} source={}",
                        admitted.tenant(),
                        Printable.of(admitted.container()),
                        admitted.user(),
                        reception.wanted().kind(admitted),
                        attach.pty() != null,
                        login.request().sourceAddress());
        return reception.relays().attacher().attach(admitted.ticket(), attach);
    }

    /** Programs are spared it. */
    private void tellOfStandby(Decision.Admitted admitted, AttachRequest attach) {
        if (admitted.isOnStandby() && attach.pty() != null) {
            reception
                    .words()
                    .tell(Banner.of("the platform does not answer; logins like this one go on until "
                            + admitted.ticketExpiresAt().truncatedTo(ChronoUnit.SECONDS)));
        }
    }

    /** The tenant's own message of the day, before the shell's first byte. */
    private void greet(Decision.SessionPolicy policy, AttachRequest attach) {
        String motd = policy.motd();
        if (motd != null && attach.pty() != null && attach.command() == null) {
            reception.words().show(motd);
        }
    }

    /** The connection's variables. */
    private Map<String, String> environment(Decision.Admitted admitted) {
        Map<String, String> variables =
                new HashMap<>(Whereabouts.of(reception.channel().getSession()).variables());
        if (reception.request().wantsAgent()) {
            try {
                variables.put(
                        "SSH_AUTH_SOCK",
                        AgentForward.socket(
                                reception.channel().getSession(),
                                reception.relays().forwards()));
            } catch (ForwardRefusedException e) {
                LOG.debug("event=no-agent, ignoring: the log has its reason, and the session goes on without", e);
            }
        }
        X11Request x11 = reception.request().x11();
        if (x11 != null) {
            new X11Forward(reception, admitted, x11).display().ifPresent(display -> variables.put("DISPLAY", display));
        }
        return variables;
    }
}
