// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened, as the platform takes it; what is not known is left out.
 *
 * @param id by which the platform knows what it has already
 * @param session its beginning, its end and its events have one
 * @param key fingerprint
 * @param userName as the client sent it
 * @param what a command line, a forward's target, a reason
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AuditEvent(
        UUID id,
        Instant at,
        Kind kind,
        Outcome outcome,
        @Nullable String tenant,
        @Nullable UUID session,
        @Nullable String key,
        @Nullable String userName,
        String source,
        @Nullable String container,
        @Nullable String guestUser,
        @Nullable String what,
        @Nullable Long bytesIn,
        @Nullable Long bytesOut) {
    /** The most that the platform takes of a text. */
    private static final int MOST_CHARACTERS = 2048;

    /** What happened. */
    public enum Kind {
        LOGIN,
        SHELL,
        EXEC,
        SFTP,
        /** What was done to a file over SFTP. */
        FILE,
        /** A line in the lobby. */
        LOBBY,
        SESSION_END,
        CONNECT,
        LISTEN,
        FORWARD_END,
        WAKE,
        /** A terminal that was to be recorded is not, or no longer. */
        RECORDING
    }

    /** How it ended. */
    public enum Outcome {
        DONE,
        REFUSED,
        FAILED
    }

    public AuditEvent {
        userName = cut(userName);
        container = cut(container);
        what = cut(what);
    }

    private static @Nullable String cut(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String shown = text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS - 1) + "…";
        return shown.replace('\0', '?'); // no text of PostgreSQL's holds one
    }

    /** Who did it. */
    public record Who(
            @Nullable String tenant,
            @Nullable String key,
            @Nullable String userName,
            String source) {}

    /** To what. */
    public record Where(
            @Nullable String container,
            @Nullable String guestUser,
            @Nullable UUID session) {
        public static final Where NOWHERE = new Where(null, null, null);
    }

    public static AuditEvent of(Kind kind, Outcome outcome, Who who, Where where, @Nullable String what) {
        return new AuditEvent(
                TimeOrdered.id(),
                Instant.now(),
                kind,
                outcome,
                who.tenant(),
                where.session(),
                who.key(),
                who.userName(),
                who.source(),
                where.container(),
                where.guestUser(),
                what,
                null,
                null);
    }

    /** The same with what went each way. */
    public AuditEvent with(long in, long out) {
        return new AuditEvent(
                id, at, kind, outcome, tenant, session, key, userName, source, container, guestUser, what, in, out);
    }
}
