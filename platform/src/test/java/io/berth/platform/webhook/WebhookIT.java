// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpServer;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.PostgresServer;
import io.berth.platform.testing.RecordingAgent;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Webhooks to a real server on loopback, which this platform's operator allows; verified by the specification's own library. */
@ExtendWith(SharedPlatform.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhookIT {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpServer server;
    private final RunningPlatform platform;
    private final Api admin;
    private final List<Received> received = new CopyOnWriteArrayList<>();

    /** What the server answers next, by path; 204 where nothing stands here. */
    private final BlockingQueue<Integer> answers = new LinkedBlockingQueue<>();

    private record Received(String path, HttpHeaders headers, String body) {
        JsonNode json() {
            return JSON.readTree(body);
        }

        String id() {
            return headers.firstValue("webhook-id").orElse("");
        }
    }

    WebhookIT(PostgresServer postgres, @TempDir Path state) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(new Received(
                    exchange.getRequestURI().getPath(),
                    HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true),
                    body));
            Integer status = exchange.getRequestURI().getPath().startsWith("/flaky") ? answers.poll() : null;
            exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/");
            exchange.sendResponseHeaders(status == null ? 204 : status, -1);
            exchange.close();
        });
        server.start();
        platform = new RunningPlatform(
                postgres,
                postgres.freshDatabase(),
                state,
                new RecordingAgent(),
                Map.of(
                        "BERTH_WEBHOOK_PORTS",
                        "443," + server.getAddress().getPort(),
                        "BERTH_WEBHOOK_NETWORKS",
                        "127.0.0.0/8"));
        admin = platform.adminToken();
    }

    @AfterAll
    void end() {
        platform.close();
        server.stop(0);
    }

    private String tenant() {
        String name = "t" + UUID.randomUUID().toString().substring(0, 8);
        admin.post("/tenants", "{\"name\":\"" + name + "\"}");
        return name;
    }

    private JsonNode endpoint(String path, String at, String more) {
        Api.Answer made = admin.post(
                path + "/webhook-endpoints",
                "{\"url\":\"http://127.0.0.1:" + server.getAddress().getPort() + at + "\"" + more + "}");
        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        return made.json();
    }

    private List<Received> at(String path) {
        return received.stream().filter(it -> it.path().equals(path)).toList();
    }

    private List<String> types(String path) {
        return at(path).stream().map(it -> it.json().path("type").asString()).toList();
    }

    private JsonNode deliveries(String path) {
        return admin.get(path + "/deliveries").json().path("items");
    }

    @Test
    void whatHappensIsToldToItsTenantAndToOperatorsSignedByTheStandard() throws Exception {
        String tenant = tenant();
        String other = tenant();
        String secret =
                endpoint("/tenants/" + tenant, "/" + tenant, "").path("secret").asString();
        endpoint("/tenants/" + other, "/" + other, "");
        endpoint("", "/all-" + tenant, ",\"types\":[\"CONTAINER_CREATED\"]");
        admin.finished(
                admin.post("/tenants/" + tenant + "/containers", "{\"name\":\"web\",\"image\":\"debian/bookworm\"}"));
        await().untilAsserted(() -> assertThat(types("/" + tenant))
                .contains("container.created", "container.state_changed", "operation.finished"));
        await().untilAsserted(() -> assertThat(types("/all-" + tenant)).containsExactly("container.created"));
        Received first = at("/" + tenant).getFirst();
        assertThat(first.json().path("data").path("tenant").asString()).isEqualTo(tenant);
        assertThat(first.json().path("data").path("name").asString()).isEqualTo("web");
        new Webhook(secret).verify(first.body(), first.headers());
        assertThatThrownBy(() -> new Webhook(secret).verify(first.body() + " ", first.headers()))
                .isInstanceOf(WebhookVerificationException.class);
        assertThat(at("/" + other)).isEmpty();
        assertThat(at("/" + tenant).stream().map(Received::id)).doesNotHaveDuplicates();
    }

    @Test
    void whatIsNotTakenIsTriedAgainAndSeen() {
        String tenant = tenant();
        String path = "/tenants/" + tenant + "/webhook-endpoints/";
        String id = endpoint("/tenants/" + tenant, "/flaky/" + tenant, ",\"types\":[\"ENDPOINT_TEST\"]")
                .path("id")
                .asString();
        answers.add(500);
        answers.add(302);
        String message = admin.post(path + id + "/test", null).text("message");
        JdbcClient jdbc = platform.bean(JdbcClient.class);
        for (int tried = 1; tried <= 2; tried++) {
            int tries = tried;
            await().untilAsserted(() -> assertThat(
                            deliveries(path + id).get(0).path("tries").asInt())
                    .isEqualTo(tries));
            assertThat(deliveries(path + id).get(0).path("state").asString()).isEqualTo("PENDING");
            jdbc.sql("update webhook_deliveries set next_at = now() where message_id = ?") // no waiting for minutes
                    .param(UUID.fromString(message))
                    .update();
        }
        await().untilAsserted(() -> assertThat(
                        deliveries(path + id).get(0).path("state").asString())
                .isEqualTo("DELIVERED"));
        assertThat(admin.get(path + id + "/deliveries/" + message + "/attempts")
                        .json()
                        .path("items")
                        .valueStream()
                        .map(it -> it.path("status").asInt()))
                .containsExactly(204, 302, 500);
        assertThat(at("/flaky/" + tenant).stream().map(Received::id)).containsOnly("msg_" + message);

        assertThat(admin.post(path + id + "/deliveries/" + message + "/replay", null)
                        .status())
                .isEqualTo(202);
        await().untilAsserted(() -> assertThat(at("/flaky/" + tenant)).hasSize(4));
    }

    @Test
    void whoIsGoneIsToldNothingMore() {
        String tenant = tenant();
        String path = "/tenants/" + tenant + "/webhook-endpoints/";
        String id = endpoint("/tenants/" + tenant, "/flaky/" + tenant, "")
                .path("id")
                .asString();
        answers.add(410);
        admin.post(path + id + "/test", null);
        await().untilAsserted(() -> assertThat(
                        admin.get(path + id).json().path("enabled").asBoolean())
                .isFalse());
        assertThat(admin.get(path + id).text("disabledBecause")).contains("410");
        admin.finished(
                admin.post("/tenants/" + tenant + "/containers", "{\"name\":\"web\",\"image\":\"debian/bookworm\"}"));
        assertThat(deliveries(path + id).size()).isEqualTo(1);
    }

    @Test
    void aNewSecretSignsBesideTheOldOneForADay() throws Exception {
        String tenant = tenant();
        JsonNode made = endpoint("/tenants/" + tenant, "/" + tenant, "");
        String path =
                "/tenants/" + tenant + "/webhook-endpoints/" + made.path("id").asString();
        String fresh = admin.post(path + "/rotation", null).text("secret");
        assertThat(fresh).startsWith("whsec_").isNotEqualTo(made.path("secret").asString());
        assertThat(admin.get(path).json().path("secret").isNull()).isTrue();
        admin.post(path + "/test", null);
        await().untilAsserted(() -> assertThat(at("/" + tenant)).hasSize(1));
        Received message = at("/" + tenant).getFirst();
        new Webhook(fresh).verify(message.body(), message.headers());
        new Webhook(made.path("secret").asString()).verify(message.body(), message.headers());
        byte[] kept = platform.bean(JdbcClient.class)
                .sql("select secret from webhook_endpoints where id = ?")
                .param(UUID.fromString(made.path("id").asString()))
                .query((row, number) -> row.getBytes("secret"))
                .single();
        assertThat(new String(kept, StandardCharsets.ISO_8859_1)).doesNotContain("whsec_");
    }

    @Test
    void aNameThatLeadsIntoThisMachinesNetworkGetsNothing(@TempDir Path state, PostgresServer postgres) {
        try (var usual = new RunningPlatform(
                postgres,
                postgres.freshDatabase(),
                state,
                new RecordingAgent(),
                Map.of("BERTH_WEBHOOK_PORTS", "443," + server.getAddress().getPort()))) {
            Api operator = usual.adminToken();
            int port = server.getAddress().getPort();
            assertThat(operator.post("/webhook-endpoints", "{\"url\":\"http://localhost:" + port + "/\"}")
                            .text("field"))
                    .isEqualTo("url");
            assertThat(operator.post("/webhook-endpoints", "{\"url\":\"https://localhost:8443/\"}")
                            .text("detail"))
                    .contains("8443", "BERTH_WEBHOOK_PORTS");
            String id = operator.post("/webhook-endpoints", "{\"url\":\"https://localhost:" + port + "/inside\"}")
                    .text("id");
            String message =
                    operator.post("/webhook-endpoints/" + id + "/test", null).text("message");
            String attempts = "/webhook-endpoints/" + id + "/deliveries/" + message + "/attempts";
            await().untilAsserted(() -> assertThat(
                            operator.get(attempts).json().path("items").size())
                    .isEqualTo(1));
            assertThat(operator.get(attempts)
                            .json()
                            .path("items")
                            .get(0)
                            .path("trouble")
                            .asString())
                    .contains("sends nothing", "BERTH_WEBHOOK_NETWORKS")
                    .doesNotContain("127.0.0.1", "::1", "localhost");
            assertThat(at("/inside")).isEmpty();
        }
    }

    @Test
    void ownersManageThemAndNobodySeesAnothers() {
        String tenant = tenant();
        JsonNode made = endpoint("/tenants/" + tenant, "/" + tenant, "");
        String id = made.path("id").asString();
        String path = "/tenants/" + tenant + "/webhook-endpoints/" + id;
        assertThat(admin.get("/tenants/" + tenant() + "/webhook-endpoints/" + id)
                        .status())
                .isEqualTo(404);
        assertThat(admin.get("/webhook-endpoints/" + id).status()).isEqualTo(404);
        String user = "u" + UUID.randomUUID().toString().substring(0, 8);
        admin.post("/users", "{\"name\":\"" + user + "\",\"password\":\"a long enough password\"}");
        admin.put("/tenants/" + tenant + "/members/" + user, "{\"role\":\"ADMIN\"}");
        Api member = Api.basic(platform.address(), user, "a long enough password");
        assertThat(member.get(path).status()).isEqualTo(403);
        assertThat(member.get("/webhook-endpoints").status()).isEqualTo(403);
        admin.put("/tenants/" + tenant + "/members/" + user, "{\"role\":\"OWNER\"}");
        Api.Answer seen = member.get(path);
        assertThat(seen.status()).isEqualTo(200);
        String body = "{\"url\":\"http://127.0.0.1:" + server.getAddress().getPort() + "/x\",\"enabled\":false}";
        Api matching = member.with("If-Match", seen.header("ETag"));
        assertThat(matching.put(path, body).json().path("enabled").asBoolean()).isFalse();
        assertThat(matching.put(path, body).problem()).isEqualTo("precondition-failed");
        assertThat(matching.delete(path).problem()).isEqualTo("precondition-failed");
        assertThat(member.delete(path).status()).isEqualTo(204);
        assertThat(member.get(path).status()).isEqualTo(404);
    }
}
