// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.agent.Samples;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Every request × every field × every way to get it wrong. */
final class WireTest {
    private static final JsonMapper LOOSE = JsonMapper.shared();

    static Stream<Request> requests() {
        return Samples.all().stream();
    }

    static Stream<Arguments> fields() {
        return requests()
                .flatMap(request -> Arrays.stream(request.getClass().getRecordComponents())
                        .map(field -> Arguments.of(request, field)));
    }

    private static ObjectNode json(Request request) {
        return (ObjectNode) LOOSE.readTree(Wire.encode(request));
    }

    private static void assertRefused(String json, String words) {
        assertThatThrownBy(() -> Wire.decodeRequest(json.getBytes(StandardCharsets.UTF_8)))
                .as(json)
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining(words)
                .message()
                .doesNotContain("io.berth", "tools.jackson", "java.");
    }

    @ParameterizedTest
    @MethodSource("requests")
    void whatIsEncodedIsDecoded(Request request) {
        assertThat(json(Wire.decodeRequest(Wire.encode(request)))).isEqualTo(json(request));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void anUnknownFieldIsRefused(Request request) {
        assertRefused(json(request).put("privileged", true).toString(), "privileged: there is no such field");
    }

    @ParameterizedTest
    @MethodSource("fields")
    void aMissingFieldIsRefused(Request request, RecordComponent field) {
        ObjectNode json = json(request);
        json.remove(field.getName());
        assertRefused(json.toString(), field.getName());
    }

    @ParameterizedTest
    @MethodSource("fields")
    void nullIsRefusedWhereNothingAllowsIt(Request request, RecordComponent field) {
        ObjectNode json = json(request);
        json.putNull(field.getName());
        if (field.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
            assertThat(Wire.decodeRequest(json.toString().getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(request.getClass());
        } else {
            assertRefused(json.toString(), field.getName());
        }
    }

    @ParameterizedTest
    @MethodSource("fields")
    void aDuplicatedFieldIsRefused(Request request, RecordComponent field) {
        String json = json(request).toString();
        String twice = json.substring(0, json.length() - 1) + ",\"" + field.getName() + "\":"
                + json(request).get(field.getName()) + "}";
        assertRefused(twice, field.getName());
    }

    @ParameterizedTest
    @MethodSource("fields")
    void aValueOfAnotherTypeIsRefused(Request request, RecordComponent field) {
        for (Object other : List.of(true, 1.5, List.of(1), "\u0000")) {
            ObjectNode json = json(request);
            json.putPOJO(field.getName(), other);
            if (!field.getType().isInstance(other)) {
                assertRefused(LOOSE.writeValueAsString(json), field.getName());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void trailingTextIsRefused(Request request) {
        assertRefused(json(request) + "{}", "text follows");
    }

    @Test
    void nestedFieldsAreAsStrict() {
        String spec = "\"spec\":{\"name\":\"web\",\"tenant\":\"demo\",\"image\":\"sha256:" + "0".repeat(64)
                + "\",\"limits\":{\"memoryBytes\":%s,\"milliCpus\":2000,\"pids\":100,\"diskBytes\":1073741824%s},\"network\":%s,\"devices\":{\"tun\":false,\"fuse\":true,\"kvm\":false,\"gpu\":false},\"volumes\":[],\"networkRules\":{\"ports\":[]}}";
        String create = "{\"verb\":\"create\",\"id\":\"00000000-0000-4000-8000-000000000001\"," + spec + "}";
        assertRefused(create.formatted("1", "", "\"NAT\""), "memoryBytes: 1 is out of range");
        assertRefused(create.formatted("\"1073741824\"", "", "\"NAT\""), "spec.limits.memoryBytes");
        assertRefused(create.formatted("1e9", "", "\"NAT\""), "spec.limits.memoryBytes");
        assertRefused(create.formatted("null", "", "\"NAT\""), "spec.limits.memoryBytes");
        assertRefused(create.formatted("1073741824", ",\"raw\":1", "\"NAT\""), "spec.limits.raw");
        assertRefused(create.formatted("1073741824", "", "\"HOST\""), "spec.network");
        assertRefused(create.formatted("1073741824", "", "0"), "spec.network");
        assertRefused(create.formatted("1073741824", "", "null"), "spec");
        assertThat(Wire.decodeRequest(
                        create.formatted("1073741824", "", "\"NAT\"").getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Request.Create.class);
    }

    @Test
    void whatIsNoObjectIsRefused() {
        for (String text : List.of("", "null", "[]", "1", "\"ping\"", "{", "{}", "{\"verb\":\"raw\"}", "\u0000")) {
            assertThatThrownBy(() -> Wire.decodeRequest(text.getBytes(StandardCharsets.UTF_8)))
                    .as(text)
                    .isInstanceOf(MalformedMessageException.class)
                    .hasMessageNotContaining("io.berth");
        }
    }

    @Test
    void classNamesAreNoVerbs() {
        assertRefused("{\"verb\":\"io.berth.core.protocol.Request$Ping\"}".replace("io.berth.", "io_berth."), "verb");
    }
}
