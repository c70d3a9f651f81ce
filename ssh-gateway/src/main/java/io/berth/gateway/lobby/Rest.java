// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The platform's REST in one client's name. */
public final class Rest {
    /** A little longer than the longest wait that is asked for. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int NO_CONTENT = 204;
    private static final int REFUSED = 400;
    private static final int FAILED = 500;
    private static final int UNAVAILABLE = 503;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http;
    private final URI base;
    private final String token;

    /** @param base such as {@code http://127.0.0.1:8080/api/v1/} */
    public Rest(HttpClient http, URI base, String token) {
        this.http = http;
        this.base = base;
        this.token = token;
    }

    JsonNode get(String path) throws RefusedException, SilentException, InterruptedException {
        return send("GET", path, null);
    }

    JsonNode post(String path, @Nullable JsonNode body) throws RefusedException, SilentException, InterruptedException {
        return send("POST", path, body);
    }

    JsonNode put(String path, JsonNode body) throws RefusedException, SilentException, InterruptedException {
        return send("PUT", path, body);
    }

    JsonNode patch(String path, JsonNode body) throws RefusedException, SilentException, InterruptedException {
        return send("PATCH", path, body);
    }

    JsonNode delete(String path) throws RefusedException, SilentException, InterruptedException {
        return send("DELETE", path, null);
    }

    /** Asked again after a kept connection that has ended since: the key makes that harmless. */
    private JsonNode send(String method, String path, @Nullable JsonNode body)
            throws RefusedException, SilentException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json, application/problem+json, text/plain")
                .method(
                        method,
                        body == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (method.equals("POST")) {
            request.header("Idempotency-Key", UUID.randomUUID().toString());
        }
        return answer(exchanged(request.build()));
    }

    private HttpResponse<String> exchanged(HttpRequest request) throws SilentException, InterruptedException {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (HttpTimeoutException e) {
            throw silent(e);
        } catch (IOException e) {
            return exchangedAgain(request);
        }
    }

    private HttpResponse<String> exchangedAgain(HttpRequest request) throws SilentException, InterruptedException {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw silent(e);
        }
    }

    private static SilentException silent(IOException e) {
        return new SilentException("the platform does not answer", e);
    }

    private static JsonNode answer(HttpResponse<String> response) throws RefusedException, SilentException {
        String type = response.headers().firstValue("Content-Type").orElse("");
        if (response.statusCode() == NO_CONTENT) {
            return JSON.createObjectNode();
        }
        if (response.statusCode() < REFUSED && type.startsWith("text/plain")) {
            return JSON.valueToTree(response.body());
        }
        JsonNode body;
        try {
            body = JSON.readTree(response.body());
        } catch (JacksonException e) {
            throw new SilentException("the platform's answer makes no sense", e);
        }
        if (response.statusCode() >= REFUSED) {
            String detail = body.path("detail").asString("");
            if (response.statusCode() == FAILED || response.statusCode() == UNAVAILABLE || detail.isEmpty()) {
                throw new SilentException(detail.isEmpty() ? "the platform failed" : detail);
            }
            throw new RefusedException(response.statusCode(), detail);
        }
        return body;
    }
}
