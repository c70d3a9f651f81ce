// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.berth.core.access.AccessRules;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The platform's login endpoint over real HTTP: keys that it knows may log in to the container {@code demo}. */
final class StubPlatform implements AutoCloseable {
    static final String TOKEN = "the-gateway's-own-token";
    static final String LOBBY_TOKEN = "a-token-for-the-lobby";

    final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    final List<JsonNode> hostKeys = new CopyOnWriteArrayList<>();
    /** Public key, without its comment, to decision. */
    final Map<String, String> keys = new ConcurrentHashMap<>();

    /** Decides on a key that is not among those. */
    volatile UnaryOperator<String> strangers = _ -> "UNKNOWN_KEY";

    /** A user name that means the container, beside those that end with its name. */
    volatile String userOfDemo = "demo";

    /** What every key may be used for. */
    volatile AccessRules rules = AccessRules.EVERYTHING;

    /** MEANT or UNMEANT where the container does not run. */
    volatile @Nullable String stopped;

    volatile @Nullable String wakeRefusal;

    final List<JsonNode> wakes = new CopyOnWriteArrayList<>();
    final List<JsonNode> proofs = new CopyOnWriteArrayList<>();
    final CountDownLatch left = new CountDownLatch(1);

    /** What the lobby asked for: method, path below /api/v1/, body. */
    final List<String> asked = new CopyOnWriteArrayList<>();
    /** Answers by method and path. */
    final Map<String, String> answers = new ConcurrentHashMap<>();

    /** Demanded beside a key; null for nothing. */
    volatile @Nullable String code;

    static final String CODE_TOKEN = "the-code-was-right";
    final List<JsonNode> codes = new CopyOnWriteArrayList<>();

    /** Reports of open sessions. */
    final List<JsonNode> reports = new CopyOnWriteArrayList<>();
    /** Ids of those that are to end. */
    final List<String> kill = new CopyOnWriteArrayList<>();

    private final List<Map<String, Object>> banned = new CopyOnWriteArrayList<>();

    volatile Map<String, Object> policy = Map.of();

    /** Recordings by id, and the last part of each with its end. */
    final Map<String, ByteArrayOutputStream> recordings = new ConcurrentHashMap<>();

    final Map<String, JsonNode> endings = new ConcurrentHashMap<>();
    /** Bytes of one that are taken at most. */
    volatile int recordingLimit = Integer.MAX_VALUE;

    volatile boolean silentRecordings;

    volatile long ticketSeconds = 60;
    volatile long standbySeconds = 3600;
    private final AtomicInteger tickets = new AtomicInteger();
    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpServer server;

    StubPlatform() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/gateway/logins", this::login);
        server.createContext("/api/v1/gateway/host-keys", this::hostKey);
        server.createContext("/api/v1/gateway/wakes", this::wake);
        server.createContext("/api/v1/gateway/lobby-logins", this::lobby);
        server.createContext("/api/v1/gateway/sessions", this::sessions);
        server.createContext("/api/v1/gateway/recordings", this::recording);
        server.createContext("/api/v1/gateway/bans", this::bans);
        server.createContext("/api/v1/gateway/second-factors", this::secondFactor);
        server.createContext("/api/v1/", this::rest);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    URI logins() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api/v1/gateway/logins");
    }

    /** Wants to hear what the lobby asks for. */
    private void rest(HttpExchange exchange) throws IOException {
        try (exchange) {
            String what = exchange.getRequestMethod() + " "
                    + exchange.getRequestURI().toString().substring("/api/v1/".length());
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(body.isEmpty() ? what : what + " " + body);
            if (!("Bearer " + LOBBY_TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                send(exchange, 401, "{\"detail\":\"who are you?\"}");
                return;
            }
            String answer = answers.get(what);
            send(
                    exchange,
                    answer == null ? 404 : 200,
                    answer == null ? "{\"detail\":\"there is no such thing\"}" : answer);
        }
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private void lobby(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (exchange.getRequestURI().getPath().endsWith("/end")) {
                left.countDown();
                exchange.sendResponseHeaders(204, -1);
                return;
            }
            proofs.add(json.readTree(exchange.getRequestBody()));
            send(
                    exchange,
                    200,
                    "{\"id\":\"1\",\"token\":\"" + LOBBY_TOKEN
                            + "\",\"tenant\":\"demo\",\"person\":\"ann\",\"endsAt\":\"2040-01-01T00:00:00Z\"}");
        }
    }

    private void sessions(HttpExchange exchange) throws IOException {
        try (exchange) {
            reports.add(json.readTree(exchange.getRequestBody()));
            send(exchange, 200, json.writeValueAsString(Map.of("kill", kill)));
        }
    }

    void ban(String network, @Nullable Instant until) {
        Map<String, Object> ban = new HashMap<>(Map.of("network", network));
        ban.put("until", until);
        banned.add(ban);
    }

    private void bans(HttpExchange exchange) throws IOException {
        try (exchange) {
            int version = banned.size();
            boolean isKnown =
                    json.readTree(exchange.getRequestBody()).path("version").asInt() == version;
            Map<String, Object> answer = new HashMap<>(Map.of("version", version));
            answer.put("bans", isKnown ? null : banned);
            send(exchange, 200, json.writeValueAsString(answer));
        }
    }

    private void secondFactor(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode shown = json.readTree(exchange.getRequestBody());
            codes.add(shown);
            boolean isRight = shown.path("code").asString().equals(code);
            send(exchange, 200, isRight ? "{\"token\":\"" + CODE_TOKEN + "\"}" : "{\"message\":\"not this one\"}");
        }
    }

    private void recording(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode part = json.readTree(exchange.getRequestBody());
            if (silentRecordings) {
                send(exchange, 503, "{}");
                return;
            }
            String id = part.get("id").asString();
            var kept = recordings.computeIfAbsent(id, _ -> new ByteArrayOutputStream());
            byte[] bytes = Base64.getDecoder().decode(part.get("bytes").asString());
            boolean full = bytes.length > 0 && kept.size() + bytes.length > recordingLimit;
            if (part.get("offset").asInt() == kept.size() && !full) {
                kept.write(bytes);
                if (part.has("how")) {
                    endings.put(id, part);
                }
            }
            send(exchange, 200, "{\"size\":" + kept.size() + ",\"full\":" + full + "}");
        }
    }

    private void wake(HttpExchange exchange) throws IOException {
        try (exchange) {
            wakes.add(json.readTree(exchange.getRequestBody()));
            String refusal = wakeRefusal;
            if (refusal != null) {
                send(exchange, 503, "{\"detail\":\"" + refusal + "\"}");
                return;
            }
            stopped = null;
            send(exchange, 200, json.writeValueAsString(allowed()));
        }
    }

    private void hostKey(HttpExchange exchange) throws IOException {
        try (exchange) {
            hostKeys.add(json.readTree(exchange.getRequestBody()));
            exchange.sendResponseHeaders(204, -1);
        }
    }

    /** Held by whoever wants it to hang. */
    final Semaphore answering = new Semaphore(1);

    private final AtomicInteger hung = new AtomicInteger();

    /** How many questions have hung. */
    int hung() {
        return hung.get();
    }

    private void login(HttpExchange exchange) throws IOException {
        if (!answering.tryAcquire()) {
            hung.incrementAndGet();
            answering.acquireUninterruptibly();
        }
        answering.release();
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
        String publicKey = request.get("publicKey").asString();
        String decision = keys.containsKey(publicKey) ? keys.get(publicKey) : strangers.apply(publicKey);
        if (decision.equals("ALLOW")
                && code != null
                && !request.path("secondFactor").asString("").equals(CODE_TOKEN)) {
            return Map.of("decision", "SECOND_FACTOR", "tenant", "demo", "rules", rules);
        }
        if (decision.equals("ALLOW") && userName.equals("lobby")) {
            return Map.of("decision", "LOBBY", "tenant", "demo", "rules", rules);
        }
        if (decision.equals("ALLOW") && userName.equals("wbe")) {
            return Map.of(
                    "decision",
                    "NO_SUCH_CONTAINER",
                    "message",
                    "tenant 'demo' has no container 'wbe'; it has: web",
                    "tenant",
                    "demo",
                    "rules",
                    rules);
        }
        if (decision.equals("ALLOW") && !userName.endsWith("demo") && !userName.equals(userOfDemo)) {
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
        return allowed();
    }

    private Map<String, Object> allowed() {
        Map<String, Object> allowed = new HashMap<>(Map.of(
                "decision", "ALLOW",
                "tenant", "demo",
                "containerId", "5d0a9c4e-8f3b-4d59-9d9c-0f3a5e6b7c8d",
                "containerName", "demo",
                "guestUser", "root",
                "ticket", "ticket-" + tickets.incrementAndGet(),
                "ticketExpiresAt", Instant.now().plusSeconds(ticketSeconds).toString()));
        if (standbySeconds > 0) {
            allowed.put("standbyTicket", "standby-" + tickets.get());
            allowed.put(
                    "standbyExpiresAt",
                    Instant.now().plusSeconds(standbySeconds).toString());
        }
        allowed.put("rules", rules);
        allowed.put("stopped", stopped);
        allowed.put("policy", policy);
        return allowed;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
