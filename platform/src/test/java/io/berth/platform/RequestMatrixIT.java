// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.core.MethodParameter;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every verb of REST by every field, forbidden, unknown, left out, null, twice and of another type: generated from the handlers'
 * records and the OpenAPI document, so that a new verb is in it by being there. The class of flaws that Incus and LXD had again and again: a policy that holds at
 * some verbs only.
 */
@ExtendWith(SharedPlatform.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestMatrixIT {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** What other systems let their users ask for. */
    private static final List<String> FORBIDDEN = List.of(
            "privileged",
            "security.privileged",
            "raw",
            "raw.lxc",
            "config",
            "hostPath",
            "source",
            "mounts",
            "devices",
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
            "pidNamespace",
            "__proto__",
            "@class");

    /** No property of anything that is asked or answered may have such a name; an amount is no mount. */
    private static final Pattern UNSPEAKABLE = Pattern.compile(
            "(?i).*(privileged|raw|hostpath|(?<!a)mount|device|capabilit|capadd|idmap|uidbase|seccomp|apparmor|selinux|nesting"
                    + "|sysctl|hook|cgroup|hostnet|namespace|command|script).*");

    /** Of an SSH key: what its login runs, as its own user and inside, where whoever set it can run anything anyway. */
    private static final String FORCED_COMMAND = "forcedCommand";

    private final RunningPlatform platform;
    private final Api admin;
    private final JsonNode document;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final List<Verb> verbs;

    RequestMatrixIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
        this.document = platform.anonymous().get("//v3/api-docs").json();
        assertThat(admin.post("/tenants", "{\"name\":\"" + tenant + "\"}").status())
                .isEqualTo(201);
        this.verbs = platform.context().getBeansOfType(RequestMappingHandlerMapping.class).values().stream()
                .flatMap(mapping -> mapping.getHandlerMethods().entrySet().stream())
                .flatMap(entry -> entry.getKey().getPatternValues().stream()
                        .filter(path -> path.startsWith("/api/v1/"))
                        .flatMap(path -> entry.getKey().getMethodsCondition().getMethods().stream()
                                .map(method -> new Verb(method.name(), path, entry.getValue()))))
                .toList();
    }

    /** One verb as its handler has it. */
    private record Verb(String method, String path, HandlerMethod handler) {
        @Nullable
        Class<?> body() {
            return Arrays.stream(handler.getMethodParameters())
                    .filter(parameter -> parameter.hasParameterAnnotation(RequestBody.class))
                    .<Class<?>>map(MethodParameter::getParameterType)
                    .findFirst()
                    .orElse(null);
        }

        Set<String> query() {
            return Arrays.stream(handler.getMethodParameters())
                    .filter(parameter -> parameter.hasParameterAnnotation(RequestParam.class))
                    .map(parameter -> parameter.getParameter().getName())
                    .collect(Collectors.toSet());
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** A field of a body: the way to it, and what it becomes. */
    private record Field(List<String> way, RecordComponent component) {
        String path() {
            return String.join(".", way);
        }

        String name() {
            return way.getLast();
        }

        ObjectNode holder(ObjectNode body) {
            JsonNode node = body;
            for (String step : way.subList(0, way.size() - 1)) {
                node = node.path(step);
            }
            return (ObjectNode) node;
        }
    }

    private static List<Field> fields(Class<?> record) {
        List<Field> fields = new ArrayList<>();
        add(fields, record, List.of());
        return fields;
    }

    private static void add(List<Field> fields, Class<?> record, List<String> above) {
        for (RecordComponent component : record.getRecordComponents()) {
            List<String> way = Stream.concat(above.stream(), Stream.of(component.getName()))
                    .toList();
            fields.add(new Field(way, component));
            if (component.getType().isRecord()) {
                add(fields, component.getType(), way);
            }
        }
    }

    private List<Verb> withBody() {
        return verbs.stream().filter(verb -> verb.body() != null).toList();
    }

    private Api.Answer send(Verb verb, String query, @Nullable String body) {
        return send(admin, verb, query, body);
    }

    private Api.Answer send(Api who, Verb verb, String query, @Nullable String body) {
        String path = verb.path();
        for (MethodParameter parameter : verb.handler().getMethodParameters()) {
            if (parameter.hasParameterAnnotation(PathVariable.class)) {
                String name = parameter.getParameter().getName();
                boolean isUuid = parameter.getParameterType() == UUID.class;
                path = path.replace(
                        "{" + name + "}",
                        name.equals("tenant")
                                ? tenant
                                : isUuid ? UUID.randomUUID().toString() : "x");
            }
        }
        Api api = path.startsWith("/api/v1/gateway/")
                ? Api.bearer(platform.address(), RunningPlatform.GATEWAY_TOKEN)
                : who;
        return api.send(verb.method(), "/" + path + query, body);
    }

    private static void assertRefused(SoftAssertions softly, Verb verb, String what, Api.Answer answer, String field) {
        softly.assertThat(answer.status()).as("%s %s: %s", verb, what, answer).isBetween(400, 499);
        softly.assertThat(answer.problem()).as("%s %s: %s", verb, what, answer).isNotEmpty();
        if (!answer.problem().isEmpty()) {
            softly.assertThat(answer.text("field"))
                    .as("%s %s: %s", verb, what, answer)
                    .isEqualTo(field);
            softly.assertThat(answer.text("detail")).as("%s %s", verb, what).doesNotContain("io.berth", "jackson");
        }
    }

    /** A body with every field, each value as the OpenAPI document wants it. */
    private ObjectNode sample(Verb verb) {
        return (ObjectNode) sample(schema(verb));
    }

    private JsonNode schema(Verb verb) {
        JsonNode content = document.path("paths")
                .path(verb.path())
                .path(verb.method().toLowerCase(Locale.ROOT))
                .path("requestBody")
                .path("content")
                .path("application/json");
        return resolved(content.path("schema"));
    }

    private JsonNode resolved(JsonNode schema) {
        String reference = schema.path("$ref").asString("");
        if (!reference.isEmpty()) {
            return document.at(reference.substring(1));
        }
        for (String choice : List.of("oneOf", "anyOf", "allOf")) {
            for (JsonNode one : schema.path(choice)) {
                if (!types(one).contains("null")) {
                    return resolved(one);
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

    private JsonNode sample(JsonNode unresolved) {
        JsonNode schema = resolved(unresolved);
        if (!schema.path("enum").isEmpty()) {
            return schema.path("enum").get(0);
        }
        if (schema.has("example")) {
            return schema.path("example");
        }
        Set<String> types = types(schema);
        if (types.contains("object")) {
            ObjectNode object = NODES.objectNode();
            schema.path("properties").forEachEntry((name, property) -> object.set(name, sample(property)));
            return object;
        }
        if (types.contains("array")) {
            return NODES.arrayNode().add(sample(schema.path("items")));
        }
        if (types.contains("boolean")) {
            return NODES.booleanNode(true);
        }
        if (types.contains("integer")) {
            return NODES.numberNode(schema.path("minimum").asInt(1));
        }
        return NODES.stringNode(
                schema.path("format").asString("").equals("date-time") ? "2040-01-01T00:00:00Z" : "x".repeat(12));
    }

    @Test
    void matrixHasEveryVerbAndTheDocumentEveryField() {
        assertThat(verbs).hasSizeGreaterThan(35);
        assertThat(withBody()).hasSizeGreaterThan(10);
        for (Verb verb : withBody()) {
            Class<?> body = verb.body();
            assertThat(body).as(verb.toString()).isNotNull().matches(Class::isRecord, "is a record");
            if (body != null) {
                assertDescribed(verb, body, schema(verb));
            }
        }
    }

    private void assertDescribed(Verb verb, Class<?> record, JsonNode schema) {
        Set<String> described = new TreeSet<>(schema.path("properties").propertyNames());
        Set<String> there = Arrays.stream(record.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.toSet());
        assertThat(described).as("%s %s", verb, record).isEqualTo(there);
        for (RecordComponent component : record.getRecordComponents()) {
            if (component.getType().isRecord()) {
                assertDescribed(
                        verb,
                        component.getType(),
                        resolved(schema.path("properties").path(component.getName())));
            }
        }
    }

    /** What anybody with an account does with what is theirs, and a question that is long. */
    private static final Pattern EVERYBODYS = Pattern.compile(
            "/api/v1/(session|tokens|account|recovery|invitations|gateway|price-estimates|terminals).*");

    /** By every verb that changes something, with a body as it should be: CWE-862 of operators who are there to look. */
    @Test
    void operatorsWhoOnlyLookChangeNothing() {
        SoftAssertions softly = new SoftAssertions();
        for (String role : List.of("AUDITOR", "READ_ONLY")) {
            String name = "o" + UUID.randomUUID().toString().substring(0, 8);
            String password = "a long enough password";
            platform.admin()
                    .post(
                            "/users",
                            "{\"name\":\"" + name + "\",\"password\":\"" + password + "\",\"operatorRole\":\"" + role
                                    + "\"}");
            Api operator = Api.bearer(
                    platform.address(),
                    Api.basic(platform.address(), name, password)
                            .post("/tokens", "{\"name\":\"all\",\"scopes\":[\"WRITE\",\"ADMIN\"]}")
                            .text("token"));
            assertThat(operator.get("/tenants/" + tenant).status()).isEqualTo(200);
            for (Verb verb : verbs) {
                if (verb.method().equals("GET")
                        || EVERYBODYS.matcher(verb.path()).matches()) {
                    continue;
                }
                Api.Answer answer = send(
                        operator,
                        verb,
                        "",
                        verb.body() == null ? null : sample(verb).toString());
                softly.assertThat(answer.status())
                        .as("%s by %s: %s", verb, role, answer)
                        .isBetween(400, 499);
            }
            Long done = platform.bean(JdbcClient.class)
                    .sql(
                            "select count(*) from audit_entries where actor = ? and outcome = 'DONE' and path not like '%/tokens'")
                    .param(name)
                    .query(Long.class)
                    .single();
            softly.assertThat(done).as("done by %s, by the trail", role).isZero();
        }
        softly.assertAll();
    }

    @Test
    void noVerbTakesAFieldThatItDoesNotHave() {
        SoftAssertions softly = new SoftAssertions();
        for (Verb verb : verbs) {
            Class<?> type = verb.body();
            for (String word : FORBIDDEN) {
                assertRefused(softly, verb, word, send(verb, "", "{\"" + word + "\":true}"), word);
                assertRefused(
                        softly,
                        verb,
                        "?" + word,
                        send(verb, "?" + word + "=true", verb.body() == null ? null : "{}"),
                        word);
            }
            if (type == null) {
                continue;
            }
            ObjectNode whole = sample(verb);
            whole.put("privileged", true);
            assertRefused(softly, verb, "all and more", send(verb, "", whole.toString()), "privileged");
            for (Field field : fields(type)) {
                if (field.component().getType().isRecord()) {
                    ObjectNode body = sample(verb);
                    ((ObjectNode) field.holder(body).path(field.name())).put("privileged", true);
                    assertRefused(
                            softly, verb, "nested", send(verb, "", body.toString()), field.path() + ".privileged");
                }
            }
        }
        softly.assertAll();
    }

    @Test
    void noFieldIsNull() {
        SoftAssertions softly = new SoftAssertions();
        for (Verb verb : withBody()) {
            for (Field field : fields(body(verb))) {
                ObjectNode body = sample(verb);
                field.holder(body).putNull(field.name());
                assertRefused(softly, verb, "null", send(verb, "", body.toString()), field.path());
            }
        }
        softly.assertAll();
    }

    @Test
    void noFieldOrParameterComesTwice() {
        SoftAssertions softly = new SoftAssertions();
        for (Verb verb : verbs) {
            for (String name : verb.query()) {
                assertRefused(softly, verb, "twice", send(verb, "?" + name + "=1&" + name + "=2", null), name);
            }
        }
        for (Verb verb : withBody()) {
            for (Field field : fields(body(verb))) {
                ObjectNode body = sample(verb);
                field.holder(body).set("TWICE", field.holder(body).path(field.name()));
                String twice = body.toString().replace("\"TWICE\"", "\"" + field.name() + "\"");
                assertRefused(softly, verb, "twice", send(verb, "", twice), field.name());
            }
        }
        softly.assertAll();
    }

    @Test
    void whatIsLeftOutIsMissedOrHasADefault() {
        SoftAssertions softly = new SoftAssertions();
        for (Verb verb : withBody()) {
            for (Field field : fields(body(verb))) {
                JsonNode schema = schema(verb);
                for (String step : field.way().subList(0, field.way().size() - 1)) {
                    schema = resolved(schema.path("properties").path(step));
                }
                boolean isRequired = schema.path("required")
                        .valueStream()
                        .anyMatch(name -> name.asString().equals(field.name()));
                ObjectNode body = sample(verb);
                field.holder(body).remove(field.name());
                if (isRequired) {
                    assertRefused(softly, verb, "left out", send(verb, "", body.toString()), field.path());
                } else {
                    softly.assertThat(field.component().getAnnotatedType().isAnnotationPresent(Nullable.class))
                            .as("%s %s has a default", verb, field.path())
                            .isTrue();
                }
            }
        }
        softly.assertAll();
    }

    @Test
    void noValueIsOfAnotherType() {
        SoftAssertions softly = new SoftAssertions();
        for (Verb verb : withBody()) {
            for (Field field : fields(body(verb))) {
                for (String value : List.of(
                        "true",
                        "\"true\"",
                        "1",
                        "1.0",
                        "\"1\"",
                        "1e99",
                        "[]",
                        "[[]]",
                        "{}",
                        "{\"raw\":1}",
                        "\"HOST\"",
                        "0")) {
                    JsonNode wrong = JSON.readTree(value);
                    if (!couldBe(field.component().getType(), wrong)) {
                        ObjectNode body = sample(verb);
                        field.holder(body).set(field.name(), wrong);
                        Api.Answer answer = send(verb, "", body.toString());
                        softly.assertThat(answer.status())
                                .as("%s %s=%s: %s", verb, field, value, answer)
                                .isBetween(400, 499);
                        softly.assertThat(answer.problem())
                                .as("%s %s=%s: %s", verb, field, value, answer)
                                .isNotEmpty();
                        softly.assertThat(answer.text("field"))
                                .as("%s %s=%s", verb, field, value)
                                .startsWith(field.path());
                    }
                }
            }
        }
        softly.assertAll();
    }

    private static boolean couldBe(Class<?> type, JsonNode value) {
        if (type == String.class) {
            return value.isString();
        }
        if (type == Boolean.class || type == boolean.class) {
            return value.isBoolean();
        }
        if (Number.class.isAssignableFrom(type) || type == int.class || type == long.class) {
            return value.isInt();
        }
        return type.isRecord() ? value.isObject() : Collection.class.isAssignableFrom(type) && value.isArray();
    }

    /** The one field that is a line for people to read: no name, and nothing is looked up or run by it. */
    private static final String WORDS = "reason";

    private static final List<String> NO_WORDS = List.of("a\nlxc.raw=1", "a\u0000", "", " ", "A".repeat(100_000));

    private static final List<String> NO_NAMES = List.of(
            "/",
            "/etc",
            "../../etc",
            "..",
            "a/../b",
            "file:///etc",
            "$(id)",
            "a;b",
            "a b",
            "a\nlxc.raw=1",
            "a\u0000",
            "",
            "-a",
            "@",
            "sha256:" + "0".repeat(63),
            "https://example.org/x",
            "A".repeat(100_000));

    /** Of a volume: names from the container's own root on, that nothing on the host resolves. */
    private static final String PLACE = "path";

    private static final List<String> NO_PLACES = Stream.concat(
                    NO_NAMES.stream().filter(text -> !text.equals("/etc")),
                    Stream.of("/proc/1/root", "/dev/x", "/srv/../etc", "/srv//data", "/srv/data/", "srv", "/srv/$(id)"))
            .toList();

    private static List<String> unfit(Field field) {
        return switch (field.path()) {
            case WORDS -> NO_WORDS;
            case PLACE -> NO_PLACES;
            default -> NO_NAMES;
        };
    }

    /** Whatever text stands in a field that becomes part of a container, it is no path, no shell, no other system's configuration. */
    @Test
    void noTextOfAContainersIsMoreThanAName() {
        SoftAssertions softly = new SoftAssertions();
        List<Verb> containers = withBody().stream()
                .filter(verb -> verb.path().contains("/containers"))
                .toList();
        assertThat(containers).hasSizeGreaterThanOrEqualTo(4);
        for (Verb verb : containers) {
            for (Field field : fields(body(verb))) {
                if (field.component().getType() != String.class) {
                    continue;
                }
                for (String text : unfit(field)) {
                    ObjectNode body = sample(verb);
                    field.holder(body).put(field.name(), text);
                    assertRefused(
                            softly,
                            verb,
                            text.substring(0, Math.min(text.length(), 20)),
                            send(verb, "", body.toString()),
                            field.path());
                }
            }
        }
        softly.assertAll();
    }

    @Test
    void rangesOfIdsAreTheOperatorsToSee() {
        Api.Answer made =
                admin.post("/tenants/" + tenant + "/containers", "{\"name\":\"ranged\",\"image\":\"debian/bookworm\"}");
        admin.finished(made);
        String node =
                admin.get("/nodes").json().path("items").path(0).path("name").asString();
        JsonNode ranges = admin.get("/nodes/" + node + "/id-ranges?limit=500").json();
        assertThat(ranges.path("items").valueStream())
                .anySatisfy(range -> assertThat(range.toString())
                        .contains("\"count\":65536", "\"state\":\"OWNED\"", "\"name\":\"ranged\"")
                        .contains("\"tenant\":\"" + tenant + "\"", "process 7 has ids of it: end it"));
        long first = ranges.path("items").path(0).path("start").asLong();
        assertThat(admin.get("/nodes/" + node + "/id-ranges?cursor=" + first)
                        .response()
                        .body())
                .doesNotContain("\"start\":" + first);
        assertThat(admin.get("/nodes/elsewhere/id-ranges").status()).isEqualTo(404);
        assertThat(admin.get("/nodes/" + node + "/id-ranges?cursor=-1").text("field"))
                .isEqualTo("cursor");
    }

    @Test
    void vocabularyIsClosed() {
        SoftAssertions softly = new SoftAssertions();
        document.path("components").path("schemas").forEachEntry((name, schema) -> {
            schema.path("properties").propertyNames().stream()
                    .filter(property -> !property.equals(FORCED_COMMAND))
                    .forEach(property -> softly.assertThat(property)
                            .as("%s.%s", name, property)
                            .doesNotMatch(UNSPEAKABLE));
            softly.assertThat(schema.path("additionalProperties").asString("false"))
                    .as("%s has a free form", name)
                    .isEqualTo("false");
        });
        for (Verb verb : withBody()) {
            for (Field field : fields(body(verb))) {
                softly.assertThat(isClosed(field.component().getGenericType()))
                        .as("%s %s is %s", verb, field.path(), field.component().getGenericType())
                        .isTrue();
            }
        }
        softly.assertAll();
    }

    /** Texts are bounded by their checks; maps, trees and objects of any class have no bounds. */
    private static boolean isClosed(Type type) {
        if (type instanceof ParameterizedType list) {
            return list.getRawType() instanceof Class<?> raw
                    && Collection.class.isAssignableFrom(raw)
                    && Arrays.stream(list.getActualTypeArguments()).allMatch(RequestMatrixIT::isClosed);
        }
        return type instanceof Class<?> plain
                && (plain.isRecord()
                        || plain.isEnum()
                        || plain.isPrimitive()
                        || Set.of(String.class, Boolean.class, Integer.class, Long.class, UUID.class, Instant.class)
                                .contains(plain));
    }

    private static Class<?> body(Verb verb) {
        Class<?> type = verb.body();
        if (type == null) {
            throw new IllegalArgumentException(verb + " has no body");
        }
        return type;
    }
}
