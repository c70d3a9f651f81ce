// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

@ExtendWith(SharedPlatform.class)
class RefusalIT {
    /** All that anybody may ask without a credential. */
    private static final Set<String> OPEN = Set.of(
            "POST /api/v1/session",
            "POST /api/v1/recovery",
            "GET /",
            "GET /sign-in",
            "GET /t/**",
            "GET /admin/**",
            "GET /account/**",
            "GET /v3/api-docs",
            "GET /v3/api-docs.yaml",
            "GET /v3/api-docs/swagger-config",
            "GET /swagger-ui.html",
            "GET /actuator/health");

    /** What the gateway's token opens, and no other credential does. */
    private static final Set<String> GATEWAYS = Set.of(
            "POST /api/v1/gateway/logins",
            "POST /api/v1/gateway/host-keys",
            "POST /api/v1/gateway/lobby-logins",
            "POST /api/v1/gateway/lobby-logins/{login}/end",
            "POST /api/v1/gateway/wakes",
            "POST /api/v1/gateway/events",
            "POST /api/v1/gateway/sessions",
            "POST /api/v1/gateway/recordings",
            "POST /api/v1/gateway/bans",
            "POST /api/v1/gateway/second-factors");

    private final RunningPlatform platform;
    private final Api admin;

    RefusalIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
    }

    /** Deny by default: CWE-862. */
    @Test
    void everyPathRefusesEveryCredentialThatIsNotGoodForIt() {
        JdbcClient jdbc = platform.bean(JdbcClient.class);
        String mine = tenant();
        String others = tenant();
        Api stranger = Api.basic(platform.address(), member(others), "a long enough password");
        Api revoked = Api.bearer(platform.address(), token(stranger, "revoked"));
        Api expired = Api.bearer(platform.address(), token(stranger, "expired"));
        Api otherTenants = Api.bearer(platform.address(), token(stranger, "other"));
        jdbc.sql("update api_tokens set revoked_at = now() where name = 'revoked'")
                .update();
        jdbc.sql("update api_tokens set expires_at = now() where name = 'expired'")
                .update();
        Api gateway = Api.bearer(platform.address(), RunningPlatform.GATEWAY_TOKEN);

        SoftAssertions softly = new SoftAssertions();
        Set<String> routes = routes();
        assertThat(routes).hasSizeGreaterThan(30);
        for (String route : routes) {
            String method = route.substring(0, route.indexOf(' '));
            String path = "/" + filled(route.substring(route.indexOf(' ') + 1), mine);
            for (Api api : List.of(platform.anonymous(), revoked, expired)) {
                softly.assertThat(api.send(method, path, body(method)).status())
                        .as(route)
                        .isEqualTo(401);
            }
            if (route.contains("{tenant}")) {
                softly.assertThat(otherTenants.send(method, path, body(method)).status())
                        .as(route)
                        .isIn(403, 404);
            }
            if (!GATEWAYS.contains(route)) {
                softly.assertThat(gateway.send(method, path, body(method)).status())
                        .as("%s by the gateway", route)
                        .isIn(401, 403, 404);
            } else {
                softly.assertThat(admin.send(method, path, body(method)).status())
                        .as("%s by an administrator", route)
                        .isEqualTo(401);
            }
        }
        softly.assertAll();
    }

    private Set<String> routes() {
        Set<String> routes = new TreeSet<>();
        platform.context()
                .getBeansOfType(RequestMappingHandlerMapping.class)
                .values()
                .forEach(mapping -> mapping.getHandlerMethods().keySet().forEach(info -> {
                    Set<String> methods = new LinkedHashSet<>();
                    info.getMethodsCondition().getMethods().forEach(method -> methods.add(method.name()));
                    info.getPatternValues()
                            .forEach(path -> (methods.isEmpty() ? Set.of("GET", "POST") : methods)
                                    .forEach(method -> routes.add(method + " " + path)));
                }));
        routes.removeAll(OPEN);
        routes.removeIf(route -> route.contains("/error")); // the container's own dispatch; from outside it is nothing
        return routes;
    }

    private static String filled(String path, String tenant) {
        return path.replace("{tenant}", tenant)
                .replace("{container}", "web")
                .replaceAll(
                        "\\{(operation|token|key|certificate)}",
                        UUID.randomUUID().toString())
                .replaceAll("\\{[^}]*}", "x");
    }

    private static @Nullable String body(String method) {
        return method.equals("GET") || method.equals("DELETE") ? null : "{}";
    }

    @Test
    void anotherTenantsThingsDoNotExist() {
        String mine = tenant();
        String others = tenant();
        Api stranger = Api.basic(platform.address(), member(others), "a long enough password");
        Api.Answer operation =
                admin.post("/tenants/" + mine + "/containers", "{\"name\":\"web\",\"image\":\"debian/bookworm\"}");
        admin.finished(operation);
        assertThat(stranger.get("/tenants").response().body()).contains(others).doesNotContain(mine);
        assertThat(stranger.get("/operations/" + operation.text("id")).status()).isEqualTo(404);
        assertThat(stranger.get("/tenants/" + mine + "/containers").status()).isEqualTo(404);
        String id = operation.json().path("target").path("id").asString();
        assertThat(stranger.delete("/tenants/" + others + "/containers/" + id).status())
                .isEqualTo(404);
        assertThat(stranger.get("/tenants/" + mine).response().body().replace(mine, "no-such"))
                .isEqualTo(stranger.get("/tenants/no-such").response().body());
        assertThat(stranger.get("/users/admin").status()).isEqualTo(404);
        assertThat(stranger.get("/users").status()).isEqualTo(403);
        assertThat(stranger.get("/operations").status()).isEqualTo(403);
        assertThat(stranger.get("/nodes").status()).isEqualTo(403);
        assertThat(stranger.post("/images", "{\"alias\":\"debian/sid\"}").status())
                .isEqualTo(403);
        assertThat(stranger.post("/tenants", "{\"name\":\"more\"}").status()).isEqualTo(403);
    }

    @Test
    void membersWorkOwnersManageOperatorsAdd() {
        String tenant = tenant();
        String owner = member(tenant);
        assertThat(admin.put("/tenants/" + tenant + "/members/" + owner, "{\"role\":\"OWNER\"}")
                        .status())
                .isEqualTo(200);
        String member = member(tenant);
        String outsider = member(tenant());
        Api asOwner = Api.basic(platform.address(), owner, "a long enough password");
        Api asMember = Api.basic(platform.address(), member, "a long enough password");
        String members = "/tenants/" + tenant + "/members/";
        assertThat(asMember.put(members + member, "{\"role\":\"OWNER\"}").status())
                .isEqualTo(403);
        assertThat(asOwner.put(members + outsider, "{\"role\":\"MEMBER\"}").status())
                .isEqualTo(403);
        assertThat(asOwner.put(members + "no-such", "{\"role\":\"MEMBER\"}").status())
                .isEqualTo(403);
        assertThat(asOwner.put(members + member, "{\"role\":\"OWNER\"}").status())
                .isEqualTo(200);
        assertThat(asOwner.delete(members + member).status()).isEqualTo(204);
        assertThat(asMember.get("/tenants/" + tenant).status()).isEqualTo(404);
    }

    @Test
    void aSuspendedTenantCanLookAndNotTouch() {
        String tenant = tenant();
        Api person = Api.basic(platform.address(), member(tenant), "a long enough password");
        assertThat(admin.patch("/tenants/" + tenant, "{\"state\":\"SUSPENDED\"}")
                        .status())
                .isEqualTo(200);
        assertThat(person.get("/tenants/" + tenant).status()).isEqualTo(200);
        Api.Answer refused =
                person.post("/tenants/" + tenant + "/containers", "{\"name\":\"web\",\"image\":\"debian/bookworm\"}");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.problem()).isEqualTo("tenant-suspended");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/tenants | {} | 422 | name",
                "/tenants | {\"name\":\"Upper\"} | 422 | tenant",
                "/tenants | {\"name\":7} | 422 | name",
                "/tenants | {\"name\":\"a\",\"extra\":1} | 400 | extra",
                "/tenants | {\"name\":\"a\",\"name\":\"b\"} | 400 | name",
                "/tenants | {\"name\": | 400 |",
                "/tenants | [] | 400 |",
                "/tenants | null | 400 |",
                "/users | {\"name\":\"x\",\"password\":\"short\"} | 422 | password",
                "/users | {\"name\":\"X y\",\"password\":\"a long enough password\"} | 422 | name",
                "/users | {\"name\":\"x\",\"password\":\"a long enough password\",\"operator\":\"yes\"} | 422 | operator",
                "/tokens | {\"name\":\"\",\"scopes\":[\"READ\"]} | 422 | name",
                "/tokens | {\"name\":\"a\",\"scopes\":[]} | 422 | scopes",
                "/tokens | {\"name\":\"a\",\"scopes\":[\"ROOT\"]} | 422 | scopes.0",
                "/tokens | {\"name\":\"a\",\"scopes\":[\"READ\"],\"tenant\":\"no-such\"} | 422 | tenant",
                "/tokens | {\"name\":\"a\",\"scopes\":[\"READ\"],\"expiresAt\":\"soon\"} | 422 | expiresAt",
                "/images | {\"alias\":\"../../etc\"} | 422 | image",
                "/tenants/TENANT/containers | {\"image\":\"debian/bookworm\"} | 422 | name",
                "/tenants/TENANT/containers | {\"name\":\"web\"} | 422 | image",
                "/tenants/TENANT/containers | {\"name\":\"web\",\"image\":\"debian/none\"} | 422 | image",
                "/tenants/TENANT/containers | {\"name\":\"web\",\"image\":\"/etc\"} | 422 | image",
                "/tenants/TENANT/containers | {\"name\":\"1\",\"image\":\"debian/bookworm\"} | 422 | name",
                "/tenants/TENANT/containers | {\"name\":\"a0000000-0000-0000-0000-000000000000\",\"image\":\"debian/bookworm\"} | 422 | name",
                "/tenants/TENANT/containers | {\"name\":\"w\",\"image\":\"debian/bookworm\",\"network\":\"HOST\"} | 422 | network",
                "/tenants/TENANT/containers | {\"name\":\"w\",\"image\":\"debian/bookworm\",\"network\":0} | 422 | network",
                "/tenants/TENANT/containers | {\"name\":\"w\",\"image\":\"debian/bookworm\",\"limits\":{\"pids\":1}} | 422 | limits.pids",
                "/tenants/TENANT/containers | {\"name\":\"w\",\"image\":\"debian/bookworm\",\"limits\":{\"pids\":1.5}} | 422 | limits.pids",
                "/tenants/TENANT/containers | {\"name\":\"w\",\"image\":\"debian/bookworm\",\"limits\":{\"pids\":99999999999}} | 422 | limits.pids",
                "/tenants/TENANT/containers | {\"name\":\"w\",\"image\":\"debian/bookworm\",\"limits\":{\"memoryBytes\":\"1G\"}} | 422 | limits.memoryBytes",
                "/tenants/TENANT/containers | {\"name\":\"w\",\"image\":\"debian/bookworm\",\"limits\":{\"swap\":1}} | 400 | limits.swap",
                "/tenants/TENANT/containers | {\"name\":\"w\",\"image\":\"debian/bookworm\",\"privileged\":true} | 400 | privileged",
                "/tenants/TENANT/containers/web/stop | {\"graceSeconds\":-1} | 422 | graceSeconds",
                "/tenants/TENANT/containers/web/stop | {\"graceSeconds\":301} | 422 | graceSeconds",
                "/tenants/TENANT/ssh-keys | {\"name\":\"k\"} | 422 | publicKey",
                "/tenants/TENANT/ssh-keys | {\"name\":\"k\",\"publicKey\":\"ssh-dss AAAA\"} | 422 | publicKey",
            })
    void badInputNamesTheField(String path, String body, int status, @Nullable String field) {
        String there = path.replace("TENANT", path.contains("TENANT") ? tenant() : "");
        Api.Answer answer = (path.equals("/tokens") ? platform.admin() : admin).post(there, body);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.problem()).isNotEmpty();
        assertThat(answer.text("field")).isEqualTo(field == null ? "" : field);
        assertThat(answer.text("detail"))
                .isNotBlank()
                .doesNotContain("io.berth")
                .doesNotContain("jackson");
    }

    @Test
    void otherRefusalsAreProblemsToo() {
        assertThat(admin.get("/no-such-thing").status()).isEqualTo(404);
        assertThat(admin.get("/no-such-thing").problem()).isEqualTo("not-found");
        assertThat(admin.put("/tenants", "{}").problem()).isEqualTo("method-not-allowed");
        assertThat(admin.with("Content-Type", "text/plain")
                        .post("/tenants", "{}")
                        .problem())
                .isEqualTo("unsupported-media-type");
        assertThat(admin.get("/operations/no-uuid").problem()).isEqualTo("invalid-field");
        assertThat(admin.get("/operations/" + UUID.randomUUID()).problem()).isEqualTo("not-found");
        assertThat(admin.get("/operations/" + UUID.randomUUID() + "?wait=2h").problem())
                .isEqualTo("invalid-field");
        assertThat(admin.get("/tenants?limit=0").text("field")).isEqualTo("limit");
        assertThat(admin.get("/tenants?limit=501").status()).isEqualTo(422);
        assertThat(admin.get("/tenants?cursor=%00").status()).isEqualTo(422);
        assertThat(admin.post("/tenants", "{\"name\":\"" + "x".repeat(300_000) + "\"}")
                        .problem())
                .isEqualTo("too-large");
        assertThat(platform.anonymous().get("/tenants/a/../b//c;d").status()).isEqualTo(400);
        assertThat(platform.anonymous().get("/tenants").header("Location")).isEmpty();
        assertThat(platform.anonymous()
                        .with("Authorization", "Digest x")
                        .get("/tenants")
                        .problem())
                .isEqualTo("not-signed-in");
        assertThat(platform.anonymous()
                        .with("Authorization", "Basic !")
                        .get("/tenants")
                        .status())
                .isEqualTo(401);
    }

    /** Refused before any filter of ours; see what a URI may hold, RFC 3986. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/v1/%zz HTTP/1.1",
                "GET /api/v1/tenants/{x} HTTP/1.1",
                "GET /api/v1/tenants\u0001 HTTP/1.1",
                "GET /api/v1/tenants/..%2f..%2fetc HTTP/1.1",
                "GET /api/v1/tenants HTTP/9.9",
                "TRACE /api/v1/tenants HTTP/1.1",
                "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1",
            })
    void aMalformedRequestLineIsAProblemToo(String line) throws Exception {
        URI address = URI.create(platform.address());
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            String request = line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer)
                    .containsPattern("^HTTP/1.1 (4|505)")
                    .contains("application/problem+json")
                    .contains("urn:berth:problem:")
                    .doesNotContain("<html", "Tomcat", "java.");
        }
    }

    @Test
    void answersBearSecurityHeaders() {
        Api.Answer answer = platform.anonymous().get("//actuator/health");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.response().body()).isEqualTo("{\"groups\":[\"liveness\",\"readiness\"],\"status\":\"UP\"}");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("Server")).isEmpty();
        assertThat(admin.get("/tenants").header("Cache-Control")).contains("no-store");
        assertThat(platform.anonymous().get("//actuator/env").status()).isEqualTo(401);
    }

    @Test
    void theDescriptionListsEveryPath() {
        JsonNode document = platform.anonymous().get("//v3/api-docs").json();
        assertThat(document.path("openapi").asString()).startsWith("3.1");
        Set<String> described = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        Set<String> ours = new TreeSet<>(routes());
        ours.removeIf(route -> !route.contains(" /api/v1/"));
        ours.addAll(Set.of("POST /api/v1/session", "POST /api/v1/recovery"));
        assertThat(described).containsExactlyElementsOf(ours);
        assertThat(platform.anonymous().get("//swagger-ui/index.html").status()).isEqualTo(200);
    }

    private String tenant() {
        String name = "t" + UUID.randomUUID().toString().substring(0, 8);
        assertThat(admin.post("/tenants", "{\"name\":\"" + name + "\"}").status())
                .isEqualTo(201);
        return name;
    }

    private String member(String tenant) {
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        String password = "\",\"password\":\"a long enough password\"}";
        assertThat(admin.post("/users", "{\"name\":\"" + name + password).status())
                .isEqualTo(201);
        assertThat(admin.put("/tenants/" + tenant + "/members/" + name, "{\"role\":\"MEMBER\"}")
                        .status())
                .isEqualTo(200);
        return name;
    }

    private static String token(Api person, String name) {
        return person.post("/tokens", "{\"name\":\"" + name + "\",\"scopes\":[\"WRITE\"]}")
                .text("token");
    }
}
