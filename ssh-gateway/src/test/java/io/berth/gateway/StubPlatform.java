// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.berth.core.access.AccessRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The platform's login endpoint over real HTTP: keys that it knows may log in to the container {@code demo}. */
final class StubPlatform implements AutoCloseable {
    static final String TOKEN = "the-gateway's-own-token";

    final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    final List<JsonNode> hostKeys = new CopyOnWriteArrayList<>();
    /** Public key, without its comment, to decision. */
    final Map<String, String> keys = new ConcurrentHashMap<>();

    /** What every key may be used for. */
    volatile AccessRules rules = AccessRules.EVERYTHING;

    volatile long ticketSeconds = 60;
    private final AtomicInteger tickets = new AtomicInteger();
    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpServer server;

    StubPlatform() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/gateway/logins", this::login);
        server.createContext("/api/v1/gateway/host-keys", this::hostKey);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    URI logins() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api/v1/gateway/logins");
    }

    private void hostKey(HttpExchange exchange) throws IOException {
        try (exchange) {
            hostKeys.add(json.readTree(exchange.getRequestBody()));
            exchange.sendResponseHeaders(204, -1);
        }
    }

    private void login(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))
                    || !exchange.getRequestMethod().equals("POST")) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            JsonNode request = json.readTree(exchange.getRequestBody());
            requests.add(request);
            byte[] answer = json.writeValueAsBytes(answer(request));
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private Map<String, Object> answer(JsonNode request) {
        String userName = request.get("userName").asString();
        if (userName.contains("..")) {
            return Map.of("decision", "BAD_NAME", "message", "'" + userName + "' is no name; use container.tenant");
        }
        String decision = keys.getOrDefault(request.get("publicKey").asString(), "UNKNOWN_KEY");
        if (decision.equals("ALLOW") && !userName.endsWith("demo")) {
            return Map.of(
                    "decision",
                    "NO_SUCH_CONTAINER",
                    "message",
                    "there is no container '" + userName + "'; make it first");
        }
        if (decision.equals("QUARANTINED")) {
            return Map.of(
                    "decision",
                    decision,
                    "message",
                    "container 'demo' is in quarantine: it sends spam; contact the platform's operator");
        }
        if (!decision.equals("ALLOW")) {
            return Map.of("decision", decision, "message", "never shown to anybody");
        }
        Map<String, Object> allowed = new HashMap<>(Map.of(
                "decision", "ALLOW",
                "tenant", "demo",
                "containerId", "5d0a9c4e-8f3b-4d59-9d9c-0f3a5e6b7c8d",
                "containerName", "demo",
                "guestUser", "root",
                "ticket", "ticket-" + tickets.incrementAndGet(),
                "ticketExpiresAt", Instant.now().plusSeconds(ticketSeconds).toString()));
        allowed.put("rules", rules);
        return allowed;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
