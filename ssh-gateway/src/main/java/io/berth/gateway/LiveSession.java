// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.gateway.audit.AuditEvent.Where;
import io.berth.gateway.audit.AuditEvent.Who;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One shell, command, file transfer or stay in the lobby that is open. */
final class LiveSession {
    private final Facts facts;
    private final Consumer<Banner> end;
    private final AtomicLong in = new AtomicLong();
    private final AtomicLong out = new AtomicLong();
    private volatile long activeAtMillis = System.currentTimeMillis();

    /**
     * What does not change.
     *
     * @param idle after which time of silence it is ended, null for never
     */
    record Facts(
            UUID id,
            Who who,
            String tenant,
            String container,
            String guestUser,
            String kind,
            boolean terminal,
            Instant startedAt,
            @Nullable Duration idle) {
        Where where() {
            return new Where(container, guestUser, id);
        }
    }

    /** @param end tells the client why, and hangs up */
    LiveSession(Facts facts, Consumer<Banner> end) {
        this.facts = facts;
        this.end = end;
    }

    Facts facts() {
        return facts;
    }

    /** Bytes from the client: somebody types. */
    void received(long bytes) {
        in.addAndGet(bytes);
        activeAtMillis = System.currentTimeMillis();
    }

    /** Bytes to the client: something is shown. */
    void sent(long bytes) {
        out.addAndGet(bytes);
        activeAtMillis = System.currentTimeMillis();
    }

    long bytesIn() {
        return in.get();
    }

    long bytesOut() {
        return out.get();
    }

    Instant activeAt() {
        return Instant.ofEpochMilli(activeAtMillis);
    }

    void end(Banner why) {
        end.accept(why);
    }
}
