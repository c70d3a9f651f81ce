// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import io.berth.core.spec.InvalidSpecException;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** What is wrong with a message, in words that name its field and none of our classes. */
final class Malformation {
    private static final int MOST_CHARACTERS = 300;

    private Malformation() {}

    static MalformedMessageException of(JacksonException e) {
        return new MalformedMessageException(describe(e), e);
    }

    private static String describe(JacksonException e) {
        String path = path(e);
        return switch (e) {
            case UnrecognizedPropertyException unknown -> path + ": there is no such field";
            case InvalidTypeIdException kind ->
                (kind.getBaseType().hasRawClass(Request.class) ? "verb" : "reply")
                        + ": is missing or unknown: "
                        + quoted(kind.getTypeId());
            case StreamReadException syntax -> "no strict JSON: " + shortened(syntax.getOriginalMessage());
            default -> {
                String reason = e.getCause() instanceof InvalidSpecException wrong
                        ? String.valueOf(wrong.getMessage())
                        : reason(e);
                yield path.isEmpty() ? reason : path + ": " + reason;
            }
        };
    }

    /** {@code spec.limits.pids}; empty for the message as a whole. */
    private static String path(JacksonException e) {
        return e.getPath().stream()
                .map(reference -> reference.getPropertyName() == null
                        ? "[" + reference.getIndex() + "]"
                        : reference.getPropertyName())
                .collect(Collectors.joining("."));
    }

    private static String reason(JacksonException e) {
        String text = String.valueOf(e.getOriginalMessage());
        if (text.startsWith("Missing required creator property")) {
            return "is missing";
        }
        if (text.startsWith("Trailing token")) {
            return "text follows the message";
        }
        return "has a value of the wrong type or form";
    }

    private static String quoted(String text) {
        return "'" + shortened(String.valueOf(text)) + "'";
    }

    private static String shortened(String text) {
        return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…";
    }
}
