// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.problem;

import io.berth.core.spec.InvalidSpecException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** What is wrong with a body, in words that name its field and none of our classes. */
final class JsonComplaint {
    private static final Pattern DUPLICATE = Pattern.compile("^Duplicate Object property \"(.*)\"", Pattern.DOTALL);

    private JsonComplaint() {}

    static Problem of(@Nullable Throwable cause) {
        return switch (cause) {
            case UnrecognizedPropertyException unknown ->
                Problem.of(
                        ProblemKind.UNKNOWN_FIELD,
                        "there is no field '" + ProblemException.shortened(path(unknown)) + "' here; remove it",
                        ProblemException.shortened(path(unknown)));
            case InputCoercionException range -> wrongValue(range);
            case StreamReadException twice
            when duplicated(twice).isPresent() ->
                Problem.of(
                        ProblemKind.MALFORMED_REQUEST,
                        "the field '" + duplicated(twice).get() + "' is there twice; send it once",
                        duplicated(twice).get());
            case StreamReadException syntax ->
                Problem.of(
                        ProblemKind.MALFORMED_REQUEST,
                        "the body is no strict JSON at line "
                                + syntax.getLocation().getLineNr() + ", column "
                                + syntax.getLocation().getColumnNr());
            case DatabindException binding -> wrongValue(binding);
            case null, default ->
                Problem.of(ProblemKind.MALFORMED_REQUEST, "the body is missing or no JSON; send a JSON object");
        };
    }

    private static Problem wrongValue(JacksonException e) {
        String field = ProblemException.shortened(path(e));
        if (field.isEmpty()) {
            return Problem.of(ProblemKind.MALFORMED_REQUEST, "the body is no JSON object of the expected form");
        }
        String reason = switch (e) {
            case DatabindException wrong
            when wrong.getCause() instanceof InvalidSpecException spec -> String.valueOf(spec.getMessage());
            case InvalidFormatException format
            when format.getTargetType().isEnum() ->
                "'" + ProblemException.shortened(String.valueOf(format.getValue())) + "' is none of "
                        + String.join(", ", names(format.getTargetType()));
            case MismatchedInputException mismatch -> "a value of another type is needed: " + type(mismatch);
            case InputCoercionException _ -> "a whole number in range is needed";
            default -> "the value is wrong";
        };
        return Problem.of(ProblemKind.INVALID_FIELD, field + ": " + reason, field);
    }

    /** Jackson has no class of its own for it. */
    private static Optional<String> duplicated(StreamReadException e) {
        Matcher message = DUPLICATE.matcher(String.valueOf(e.getOriginalMessage()));
        return message.find() ? Optional.of(ProblemException.shortened(message.group(1))) : Optional.empty();
    }

    private static Iterable<String> names(Class<?> type) {
        return Arrays.stream(type.getEnumConstants()).map(Object::toString).toList();
    }

    private static String type(MismatchedInputException e) {
        Class<?> type = e.getTargetType();
        if (type == null || type == Object.class) {
            return "see the OpenAPI document";
        }
        return type == String.class
                ? "text"
                : Number.class.isAssignableFrom(type) || type == int.class || type == long.class
                        ? "a whole number in range"
                        : type == Boolean.class || type == boolean.class ? "true or false" : "see the OpenAPI document";
    }

    private static String path(JacksonException e) {
        return e.getPath().stream()
                .map(reference -> reference.getPropertyName() == null
                        ? Integer.toString(reference.getIndex())
                        : reference.getPropertyName())
                .collect(Collectors.joining("."));
    }
}
