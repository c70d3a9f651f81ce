// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.paging;

import io.berth.platform.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import java.util.UUID;

/**
 * The last item of a page, as the next one's request brings it. It is good for its own order alone: in another it would leave items out without a word.
 *
 * @param value of the column that is ordered by
 */
record Cursor(String sort, UUID id, String value) {
    private static final String SEPARATOR = "\n";
    private static final int MOST_CHARACTERS = 1000;

    /** @throws ProblemException naming the field cursor */
    static Cursor of(String text, String sort, Orders.Kind kind) {
        Cursor cursor;
        try {
            cursor = parsed(text);
            Objects.requireNonNull(value(cursor.value(), kind));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw ProblemException.field(
                    "cursor", "cursor: it is none; give what the page before has as 'next', or none");
        }
        if (!cursor.sort().equals(sort)) {
            throw ProblemException.field(
                    "cursor", "cursor: it belongs to another order of the list; begin anew without one");
        }
        return cursor;
    }

    private static Cursor parsed(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("too long");
        }
        String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(SEPARATOR, 3);
        if (parts.length != 3 || parts[2].indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not three parts");
        }
        return new Cursor(parts[0], UUID.fromString(parts[1]), parts[2]);
    }

    /** Understood before the database sees it. */
    private static Object value(String text, Orders.Kind kind) {
        return switch (kind) {
            case TEXT -> text;
            case NUMBER -> Long.valueOf(text);
            case TIME -> Instant.parse(text);
            case ID -> UUID.fromString(text);
        };
    }

    String text() {
        String parts = String.join(SEPARATOR, sort, id.toString(), value);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(parts.getBytes(StandardCharsets.UTF_8));
    }
}
