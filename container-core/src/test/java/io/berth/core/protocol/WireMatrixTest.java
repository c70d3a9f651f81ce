// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.agent.Samples;
import io.berth.core.spec.QuarantineReason;
import io.berth.core.spec.SnapshotName;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every verb of the agent's protocol by every field at any depth, forbidden, unknown, left out, null and twice: generated from the
 * records, so that a new verb is in it by being there. The class of flaws that Incus and LXD had again and again: a policy that holds at some verbs.
 */
class WireMatrixTest {
    /** What other systems let their users ask for, and what must have no name here. */
    private static final List<String> FORBIDDEN = List.of(
            "privileged",
            "security.privileged",
            "raw",
            "raw.lxc",
            "config",
            "hostPath",
            "source",
            "path",
            "mounts",
            "device",
            "major",
            "capabilities",
            "capAdd",
            "uidBase",
            "idmap",
            "userNamespace",
            "seccomp",
            "apparmor",
            "nesting",
            "sysctls",
            "hooks",
            "init",
            "cgroupParent",
            "hostNetwork",
            "pid",
            "__proto__",
            "@class");

    private static final JsonMapper LOOSE = JsonMapper.shared();

    static Stream<Request> requests() {
        return Samples.all().stream();
    }

    /** One object of a message: the record that it becomes, and the way to it. */
    private record Place(Class<?> type, List<String> way) {
        List<RecordComponent> fields() {
            return List.of(type.getRecordComponents());
        }

        boolean has(String field) {
            return fields().stream().anyMatch(it -> it.getName().equals(field));
        }

        ObjectNode in(ObjectNode message) {
            JsonNode node = message;
            for (String step : way) {
                node = node.isArray() ? node.path(Integer.parseInt(step)) : node.path(step);
            }
            return (ObjectNode) node;
        }

        String path(String field) {
            return Stream.concat(way.stream(), Stream.of(field))
                    .map(step -> Character.isDigit(step.charAt(0)) ? "[" + step + "]" : step)
                    .collect(Collectors.joining("."));
        }
    }

    private static List<Place> places(Request request) {
        List<Place> places = new ArrayList<>();
        add(places, request.getClass(), List.of(), json(request));
        return places;
    }

    private static void add(List<Place> places, Class<?> type, List<String> way, ObjectNode node) {
        places.add(new Place(type, way));
        for (RecordComponent field : type.getRecordComponents()) {
            if (node.path(field.getName()) instanceof ArrayNode list
                    && element(field).isPresent()) {
                for (int i = 0; i < list.size(); i++) {
                    add(
                            places,
                            element(field).orElseThrow(),
                            Stream.concat(way.stream(), Stream.of(field.getName(), Integer.toString(i)))
                                    .toList(),
                            (ObjectNode) list.get(i));
                }
            }
            if (node.path(field.getName()) instanceof ObjectNode inner
                    && !Map.class.isAssignableFrom(field.getType())) {
                add(
                        places,
                        variant(field.getType(), inner),
                        Stream.concat(way.stream(), Stream.of(field.getName())).toList(),
                        inner);
            }
        }
    }

    /** What record a list is of. */
    private static Optional<Class<?>> element(RecordComponent field) {
        return field.getGenericType() instanceof ParameterizedType type
                        && type.getRawType() == List.class
                        && type.getActualTypeArguments()[0] instanceof Class<?> element
                        && element.isRecord()
                ? Optional.of(element)
                : Optional.empty();
    }

    /** The record itself, or which one of a sealed type's. */
    private static Class<?> variant(Class<?> type, ObjectNode node) {
        return type.isRecord()
                ? type
                : Arrays.stream(type.getPermittedSubclasses())
                        .filter(record -> record.getSimpleName()
                                .equalsIgnoreCase(node.path("kind").asString()))
                        .findFirst()
                        .orElseThrow();
    }

    private static ObjectNode json(Request request) {
        return (ObjectNode) LOOSE.readTree(Wire.encode(request));
    }

    private static Request decode(String json) {
        return Wire.decodeRequest(json.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertRefused(String json, String field) {
        assertThatThrownBy(() -> decode(json))
                .as(json)
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining(field)
                .message()
                .doesNotContain("io.berth", "tools.jackson", "java.");
    }

    @Test
    void everyVerbIsInTheMatrix() {
        assertThat(requests().map(Object::getClass)).containsExactlyInAnyOrder(Request.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("requests")
    void noObjectTakesAFieldThatItDoesNotHave(Request request) {
        for (Place place : places(request)) {
            for (String word : FORBIDDEN) {
                if (place.has(word)) {
                    continue; // a volume's path, in the container and of a form of its own
                }
                ObjectNode message = json(request);
                place.in(message).put(word, true);
                assertRefused(message.toString(), place.path(word) + ": there is no such field");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void noFieldCanBeLeftOut(Request request) {
        for (Place place : places(request)) {
            for (RecordComponent field : place.fields()) {
                ObjectNode message = json(request);
                place.in(message).remove(field.getName());
                assertRefused(message.toString(), field.getName());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void nullIsAValueOnlyWhereTheTypeSaysSo(Request request) {
        for (Place place : places(request)) {
            for (RecordComponent field : place.fields()) {
                ObjectNode message = json(request);
                place.in(message).putNull(field.getName());
                if (field.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                    assertThat(decode(message.toString())).isInstanceOf(request.getClass());
                } else {
                    assertRefused(message.toString(), field.getName());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void noFieldComesTwice(Request request) {
        for (Place place : places(request)) {
            for (RecordComponent field : place.fields()) {
                ObjectNode message = json(request);
                ObjectNode object = place.in(message);
                object.set("TWICE", object.path(field.getName()));
                assertRefused(message.toString().replace("\"TWICE\"", "\"" + field.getName() + "\""), field.getName());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void noValueIsOfAnotherType(Request request) {
        for (Place place : places(request)) {
            for (RecordComponent field : place.fields()) {
                for (String other : List.of("true", "1.5", "[1]", "[]", "\"\\u0000\"", "\"1\"", "{\"raw\":\"lxc\"}")) {
                    ObjectNode message = json(request);
                    JsonNode value = LOOSE.readTree(other);
                    place.in(message).set(field.getName(), value);
                    if (!isOf(field.getType(), value)) {
                        assertRefused(message.toString(), field.getName());
                    }
                }
            }
        }
    }

    private static boolean isOf(Class<?> type, JsonNode value) {
        if (type == byte[].class) {
            return value.isArray()
                    || value.isString(); // Jackson reads bytes from a list of numbers, and base64 with blanks
        }
        if (type == QuarantineReason.class) {
            return value.isString()
                    && !value.asString().equals("\0"); // a line in an operator's words, of any but control characters
        }
        if (type == SnapshotName.class) {
            return value.isString() && value.asString().equals("1"); // a number is a name
        }
        if (type == List.class) {
            return value.isArray() && value.isEmpty(); // of records, each of which is a place of its own
        }
        return (type == boolean.class && value.isBoolean())
                || (type == String.class && value.isString())
                || (type == Map.class && value.isObject());
    }

    /** Free text and maps are listed by name, each with its reason; nothing else may be either. */
    private static final Set<String> FREE = Set.of(
            "Attach.ticket", // signed by the platform, or refused
            "Connect.ticket", // the same
            "Listen.ticket", // the same
            "Tcp.host", // resolved inside the tenant's own container, or one of its addresses; its form is in
            // RequestCheck
            "Signal.name", // one of a list, see RequestCheck
            "Grant.rule", // one of the policy's rules, see PolicyChanges
            "Revoke.rule", // the same
            "AddPatch.call", // one of the kernel's system calls, see Patch
            "RemovePatch.call", // the same
            "ShowPatch.call", // the same
            "ImportImage.from", // one line that is kept and shown; its form is in ImageOrigin
            "AttachRequest.command", // what the tenant runs in the tenant's own container
            "AttachRequest.environment", // the same; names and values bounded by RequestCheck
            "PtyRequest.term", // a terminal's name, bounded by RequestCheck
            "PtyRequest.modes"); // RFC 4254's list of terminal modes

    @Test
    void vocabularyIsClosed() {
        Set<String> free = requests()
                .flatMap(request -> places(request).stream())
                .flatMap(place -> Arrays.stream(place.type().getRecordComponents()))
                .filter(field -> element(field).isEmpty() && isFree(field.getType()))
                .map(field -> field.getDeclaringRecord().getSimpleName() + "." + field.getName())
                .collect(Collectors.toSet());
        assertThat(free).isSubsetOf(FREE);
    }

    /** A value object of one text checks its form when it is made; a record, a number, a flag, an enum or an instant can say nothing else. */
    private static boolean isFree(Class<?> type) {
        return !(type.isPrimitive()
                || type.isEnum()
                || type.isRecord()
                || type.isSealed()
                || type == Long.class
                || type == Integer.class
                || type == Instant.class);
    }
}
