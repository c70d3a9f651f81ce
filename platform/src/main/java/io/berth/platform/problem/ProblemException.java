// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.problem;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request is refused; the message is fit for whoever sent it and names the cure. */
public final class ProblemException extends RuntimeException {
    private static final int MOST_SHOWN = 100; // of what a client sent: enough to find it by

    private final ProblemKind kind;
    private final @Nullable String field;
    private final @Nullable Duration retryAfter;
    private final Problem.@Nullable Shortage shortage;

    public ProblemException(ProblemKind kind, String detail) {
        this(kind, detail, null, null);
    }

    private ProblemException(ProblemKind kind, String detail, @Nullable String field, @Nullable Duration retryAfter) {
        this(kind, detail, field, retryAfter, null);
    }

    private ProblemException(
            ProblemKind kind,
            String detail,
            @Nullable String field,
            @Nullable Duration retryAfter,
            Problem.@Nullable Shortage shortage) {
        super(detail);
        this.shortage = shortage;
        this.kind = kind;
        this.field = field;
        this.retryAfter = retryAfter;
    }

    public static ProblemException field(String field, String detail) {
        return new ProblemException(ProblemKind.INVALID_FIELD, detail, field, null);
    }

    public static ProblemException unknownField(String field) {
        String shown = shortened(field);
        return new ProblemException(
                ProblemKind.UNKNOWN_FIELD, "there is no field '" + shown + "' here; remove it", shown, null);
    }

    /** What of a client's text is fit to be shown. */
    public static String shortened(String text) {
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
    }

    public static ProblemException malformed(String detail) {
        return new ProblemException(ProblemKind.MALFORMED_REQUEST, detail);
    }

    public static ProblemException notFound(String what, String name) {
        return new ProblemException(
                ProblemKind.NOT_FOUND, "there is no " + what + " '" + name + "' that you may see; check the name");
    }

    public static ProblemException taken(String what, String name) {
        return new ProblemException(
                ProblemKind.NAME_TAKEN, what + " '" + name + "' exists already; choose another name", "name", null);
    }

    public static ProblemException tooMany(String detail, Duration retryAfter) {
        return new ProblemException(ProblemKind.TOO_MANY_REQUESTS, detail, null, retryAfter);
    }

    /** Something of the platform's that is needed does not answer: not the request's fault, and likely over in a moment. */
    public static ProblemException unavailable(String detail) {
        return new ProblemException(ProblemKind.UNAVAILABLE, detail, null, Duration.ZERO);
    }

    /** @param field what asked for too much; empty for the request as a whole */
    public static ProblemException quota(String detail, String field, Problem.Shortage shortage) {
        return new ProblemException(ProblemKind.QUOTA_EXCEEDED, detail, field.isEmpty() ? null : field, null, shortage);
    }

    public ProblemKind kind() {
        return kind;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    public Problem problem() {
        return Problem.of(kind, String.valueOf(getMessage()), field).with(shortage);
    }
}
