// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.gateway.audit.AuditEvent;
import io.berth.gateway.audit.AuditEvent.Kind;
import io.berth.gateway.audit.AuditEvent.Outcome;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A channel's place among the open sessions, from when it has one: it counts what goes each way. */
final class Seat {
    private final Watch watch;
    private final LongAdder typedAhead = new LongAdder();
    private volatile @Nullable LiveSession session;

    Seat(Watch watch) {
        this.watch = watch;
    }

    /** @return why there is no room, null when there is */
    @Nullable
    String take(LiveSession opened, Decision.SessionPolicy policy) {
        String full = watch.sessions().admit(opened, policy);
        if (full == null) {
            session = opened;
            opened.received(typedAhead.sumThenReset());
        }
        return full;
    }

    void received(int bytes) {
        LiveSession open = session;
        if (open == null) {
            typedAhead.add(bytes);
        } else {
            open.received(bytes);
        }
    }

    void sent(int bytes) {
        LiveSession open = session;
        if (open != null) {
            open.sent(bytes);
        }
    }

    /** Nothing came of it. */
    void giveBack() {
        LiveSession open = session;
        if (open != null) {
            session = null;
            watch.sessions().remove(open);
        }
    }

    /** The session is over. */
    void leave() {
        LiveSession open = session;
        if (open == null) {
            return;
        }
        giveBack();
        watch.journal()
                .note(AuditEvent.of(
                                Kind.SESSION_END,
                                Outcome.DONE,
                                open.facts().who(),
                                open.facts().where(),
                                null)
                        .with(open.bytesIn(), open.bytesOut()));
    }
}
