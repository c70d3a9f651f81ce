// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import io.berth.core.spec.InvalidSpecException;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** What is wrong with a message, in words that name its field and none of our classes. */
final class Malformation {
    private static final int MOST_CHARACTERS = 300;

    private Malformation() {}

    static MalformedMessageException of(JacksonException e, byte[] packet) {
        return new MalformedMessageException(describe(e, packet), e);
    }

    private static String describe(JacksonException e, byte[] packet) {
        String path = path(e);
        return switch (e) {
            case UnrecognizedPropertyException unknown -> path + ": there is no such field";
            case InvalidTypeIdException kind ->
                typeField(kind, path) + ": is missing or unknown: " + quoted(kind.getTypeId());
            case ValueInstantiationException made
            when made.getCause() instanceof NullPointerException ->
                RequiredFields.firstNull(made.getType().getRawClass(), node(e, packet))
                                .map(field -> path.isEmpty() ? field : path + "." + field)
                                .orElse(path)
                        + ": is null; it must have a value";
            case StreamReadException syntax -> "no strict JSON: " + shortened(syntax.getOriginalMessage());
            default -> {
                String reason = e.getCause() instanceof InvalidSpecException wrong
                        ? String.valueOf(wrong.getMessage())
                        : reason(e);
                yield path.isEmpty() ? reason : path + ": " + reason;
            }
        };
    }

    private static String typeField(InvalidTypeIdException kind, String path) {
        if (kind.getBaseType().hasRawClass(Endpoint.class)) {
            return path + ".kind";
        }
        return kind.getBaseType().hasRawClass(Request.class) ? "verb" : "reply";
    }

    /** What stands where the exception says. */
    private static JsonNode node(JacksonException e, byte[] packet) {
        JsonNode node = Wire.json().readTree(packet);
        for (JacksonException.Reference step : e.getPath()) {
            node = step.getPropertyName() == null ? node.path(step.getIndex()) : node.path(step.getPropertyName());
        }
        return node;
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
