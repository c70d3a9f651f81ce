// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.platform.testing.Api;
import io.berth.platform.testing.PostgresServer;
import io.berth.platform.testing.RecordingAgent;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every operation of the OpenAPI document with what no client should send: each field and parameter with values of other types, past
 * every limit, deep, huge, and in the odd corners of Unicode. Nothing is a failure of the platform's. The seed is fixed, so a finding
 * comes again; another one is tried by -Dberth.fuzz.seed.
 */
@ExtendWith(SharedPlatform.class)
class OpenApiFuzzIT {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final long SEED = Long.getLong("berth.fuzz.seed", 20_261_126L);

    /** Of each operation, some milliseconds each; more are tried by -Dberth.fuzz.rounds. */
    private static final int ROUNDS = Integer.getInteger("berth.fuzz.rounds", 4);

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    /** What the kernel, the node or the database may answer for is no failure of ours: they say so by a kind of their own. */
    private static final Set<Integer> OTHERS_FAILURES = Set.of(501, 502, 503, 507);

    /** Answers that don't end. */
    private static final Set<String> STREAMS = Set.of("/api/v1/events");

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "\u0000",
            "a\u0000b",
            "\ud800", // half of a pair
            "\ufffe\uffff",
            "\u202eevil",
            "Z\u0351\u036b\u0343".repeat(64),
            "𝔫𝔞𝔪𝔢",
            "%00%0a",
            "%s%n{}${jndi:ldap://x}",
            "'; drop table users; --",
            "../../../../etc/passwd",
            "9".repeat(400),
            "A".repeat(70_000),
            "0000-00-00T00:00:00Z",
            "+999999999-12-31T23:59:59.999999999Z",
            "-999999999-01-01T00:00:00Z",
            "2026-02-30T25:61:61+99:99",
            "00000000-0000-0000-0000-000000000000",
            "null",
            "[]");

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1.5",
            "-0.0",
            "1e400",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775809",
            "123456789012345678901234567890",
            "[]",
            "{}",
            "[null]",
            "[[[[]]]]",
            "{\"\":{}}",
            "[\"a\",1,null,{}]");

    private final Random random = new Random(SEED);
    private final PostgresServer postgres;

    OpenApiFuzzIT(PostgresServer postgres) {
        this.postgres = postgres;
    }

    /** One operation as the document has it. */
    private record Operation(String method, String path, JsonNode description) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    @Test
    void nothingThatAClientSendsIsAFailureOfThePlatforms(@TempDir Path state) {
        // a platform of its own: what is accepted by chance meets no other test
        try (var platform = new RunningPlatform(postgres, postgres.freshDatabase(), state, new RecordingAgent())) {
            JsonNode document = platform.anonymous().get("//v3/api-docs").json();
            assertThat(platform.adminToken()
                            .post("/tenants", "{\"name\":\"mine\"}")
                            .status())
                    .isEqualTo(201);
            List<Operation> operations = operations(document);
            assertThat(operations).hasSizeGreaterThan(100);
            SoftAssertions softly = new SoftAssertions();
            for (Operation operation : operations) {
                for (int round = 0; round < ROUNDS; round++) {
                    fuzz(softly, platform, document, operation);
                }
            }
            softly.assertAll();
            assertThat(platform.adminToken().get("/tenants/mine").status())
                    .as("it is there and answers")
                    .isIn(200, 404);
        }
    }

    private static List<Operation> operations(JsonNode document) {
        List<Operation> operations = new ArrayList<>();
        document.path("paths")
                .forEachEntry((path, methods) -> methods.forEachEntry((method, description) -> {
                    if (METHODS.contains(method) && !STREAMS.contains(path)) {
                        operations.add(new Operation(method.toUpperCase(Locale.ROOT), path, description));
                    }
                }));
        return operations;
    }

    private void fuzz(SoftAssertions softly, RunningPlatform platform, JsonNode document, Operation operation) {
        Api api = operation.path().startsWith("/api/v1/gateway/")
                ? Api.bearer(platform.address(), RunningPlatform.GATEWAY_TOKEN)
                : platform.adminToken();
        String address = address(document, operation);
        String body = body(document, operation);
        Api.Answer answer = api.send(operation.method(), "/" + address, body);
        String what = "seed " + SEED + ": " + operation.method() + " " + shortened(address) + " " + shortened(body)
                + ": " + answer.status() + " " + shortened(answer.response().body());
        softly.assertThat(answer.status() < 500 || OTHERS_FAILURES.contains(answer.status()))
                .as(what)
                .isTrue();
        if (answer.status() == 422 && answer.problem().equals("invalid-field")) {
            softly.assertThat(answer.text("field")).as(what).isNotEmpty();
        }
        if (answer.status() >= 400 && answer.header("Content-Type").contains("json")) {
            softly.assertThat(answer.problem()).as(what).isNotEmpty();
        }
    }

    private static String shortened(@Nullable String text) {
        return text == null ? "" : text.substring(0, Math.min(text.length(), 300));
    }

    /** Mostly of things that are there, else nothing behind them is ever reached. */
    private String address(JsonNode document, Operation operation) {
        String path = operation.path();
        var query = new StringBuilder();
        for (JsonNode parameter : operation.description().path("parameters")) {
            String name = parameter.path("name").asString();
            JsonNode schema = resolved(document, parameter.path("schema"));
            if (parameter.path("in").asString().equals("path")) {
                boolean isKept = random.nextInt(4) > 0;
                String value = name.equals("tenant") && isKept
                        ? "mine"
                        : isKept ? sample(document, schema).asString("x") : anyText();
                path = path.replace("{" + name + "}", encoded(value.isEmpty() ? "x" : value));
            } else if (parameter.path("in").asString().equals("query") && random.nextBoolean()) {
                String value = random.nextInt(3) == 0 ? sample(document, schema).asString("1") : anyText();
                query.append(query.isEmpty() ? '?' : '&')
                        .append(name)
                        .append('=')
                        .append(encoded(value));
            }
        }
        return path + query;
    }

    /** Of lengths that still fit a request's first line. */
    private String anyText() {
        String text = TEXTS.get(random.nextInt(TEXTS.size()));
        return text.substring(0, Math.min(text.length(), 300));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private @Nullable String body(JsonNode document, Operation operation) {
        JsonNode content =
                operation.description().path("requestBody").path("content").path("application/json");
        if (content.isMissingNode()) {
            return operation.method().equals("GET") || random.nextInt(3) > 0
                    ? null
                    : anyValue().toString();
        }
        JsonNode sample = sample(document, content.path("schema"));
        return switch (random.nextInt(10)) {
            case 0 -> anyValue().toString();
            case 1 -> "[".repeat(20_000) + "]".repeat(20_000);
            case 2 -> sample.toString().substring(0, sample.toString().length() / 2);
            case 3 -> "\ufeff" + sample;
            default -> mutated(sample).toString();
        };
    }

    private JsonNode anyValue() {
        return random.nextBoolean()
                ? NODES.stringNode(TEXTS.get(random.nextInt(TEXTS.size())))
                : JSON.readTree(VALUES.get(random.nextInt(VALUES.size())));
    }

    /** One value somewhere in it is another. */
    private JsonNode mutated(JsonNode node) {
        if (node instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = List.copyOf(object.propertyNames());
            String name = names.get(random.nextInt(names.size()));
            if (random.nextInt(8) == 0) {
                object.remove(name);
            } else {
                object.set(name, mutated(object.path(name)));
            }
            return object;
        }
        if (node instanceof ArrayNode array && random.nextBoolean()) {
            int times = random.nextInt(3) == 0 ? 5_000 : 1;
            for (int each = 0; each < times; each++) {
                array.add(array.isEmpty() ? anyValue() : array.get(0).deepCopy());
            }
            return array;
        }
        return anyValue();
    }

    private static JsonNode resolved(JsonNode document, JsonNode schema) {
        String reference = schema.path("$ref").asString("");
        if (!reference.isEmpty()) {
            return document.at(reference.substring(1));
        }
        for (String choice : List.of("oneOf", "anyOf", "allOf")) {
            for (JsonNode one : schema.path(choice)) {
                if (!types(one).contains("null")) {
                    return resolved(document, one);
                }
            }
        }
        return schema;
    }

    private static Set<String> types(JsonNode schema) {
        JsonNode type = schema.path("type");
        return type.isArray()
                ? type.valueStream().map(JsonNode::asString).collect(Collectors.toSet())
                : Set.of(type.asString(""));
    }

    /** A value as the document wants it. */
    private static JsonNode sample(JsonNode document, JsonNode unresolved) {
        JsonNode schema = resolved(document, unresolved);
        if (!schema.path("enum").isEmpty()) {
            return schema.path("enum").get(0);
        }
        if (schema.has("example")) {
            return schema.path("example");
        }
        Set<String> types = types(schema);
        if (types.contains("object")) {
            ObjectNode object = NODES.objectNode();
            schema.path("properties").forEachEntry((name, property) -> object.set(name, sample(document, property)));
            return object;
        }
        if (types.contains("array")) {
            return NODES.arrayNode().add(sample(document, schema.path("items")));
        }
        if (types.contains("boolean")) {
            return NODES.booleanNode(true);
        }
        if (types.contains("integer")) {
            return NODES.numberNode(schema.path("minimum").asLong(1));
        }
        return NODES.stringNode(
                switch (schema.path("format").asString("")) {
                    case "date-time" -> "2040-01-01T00:00:00Z";
                    case "date" -> "2040-01-01";
                    case "uuid" -> "01a00000-0000-7000-8000-000000000001";
                    default -> "x".repeat(12);
                });
    }
}
