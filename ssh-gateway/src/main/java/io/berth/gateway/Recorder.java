// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.AttachedProcess;
import io.berth.core.protocol.PtyRequest;
import io.berth.gateway.audit.AuditEvent.Kind;
import io.berth.gateway.audit.AuditEvent.Outcome;
import io.berth.gateway.recording.Facts;
import io.berth.gateway.recording.RecordedProcess;
import io.berth.gateway.recording.Recording;
import io.berth.gateway.recording.RecordingFailedException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Has a session's terminal recorded, and tells whoever sits there. */
record Recorder(Reception reception, Decision.RecordingWish wish, LiveSession.Facts session) {
    private static final String FULL =
            "this tenant's recordings have filled their limit; delete some, or ask the platform's operator for more";

    /** The recording begins first, so that no process ever runs that should be recorded and can't be. */
    AttachedProcess record(PtyRequest terminal, @Nullable String command, Supplier<AttachedProcess> process)
            throws RecordingFailedException {
        if (wish.full()) {
            throw new RecordingFailedException(FULL);
        }
        Recording recording =
                reception.watch().recordings().begin(facts(terminal, command), terminal.term(), this::failed);
        try {
            AttachedProcess attached = process.get();
            recording.begun();
            tell();
            return new RecordedProcess(attached, recording, wish.input());
        } catch (RuntimeException e) {
            recording.discard();
            throw e;
        }
    }

    private Facts facts(PtyRequest terminal, @Nullable String command) {
        return new Facts(
                session.id(),
                session.tenant(),
                session.container(),
                session.guestUser(),
                String.valueOf(session.who().key()),
                session.who().source(),
                session.startedAt(),
                terminal.columns(),
                terminal.rows(),
                wish.required(),
                command);
    }

    private void tell() {
        reception
                .words()
                .tell(Banner.of("this session is recorded, as "
                        + (wish.required()
                                ? "the platform's operator requires"
                                : "tenant '" + session.tenant() + "' wishes")
                        + (wish.input()
                                ? ": what is shown, and what you type where it is echoed"
                                : ": what is shown")));
    }

    /** In its middle, from a thread that has better things to do. */
    private void failed(String why) {
        reception.relays().threads().execute(() -> {
            note(why);
            if (wish.required()) {
                reception.eviction().accept(Banner.of("this session must be recorded and no longer can be: " + why));
            } else {
                reception.words().tell(Banner.of("this session is no longer recorded: " + why));
            }
        });
    }

    void note(String why) {
        reception.watch().note(Kind.RECORDING, Outcome.FAILED, session.who(), session.where(), why);
    }

    static Banner refusal(RecordingFailedException why) {
        return Banner.of("this session must be recorded and can't be: " + why.getMessage());
    }
}
