// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the REST interface with one credential. */
public record Api(String address, Map<String, String> headers) {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private static final JsonMapper JSON = JsonMapper.shared();

    public Api {
        headers = Map.copyOf(headers);
    }

    public static Api basic(String address, String name, String password) {
        String pair = Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
        return new Api(address, Map.of("Authorization", "Basic " + pair));
    }

    public static Api bearer(String address, String token) {
        return new Api(address, Map.of("Authorization", "Bearer " + token));
    }

    public Api with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new Api(address, more);
    }

    /** An answer; the body is parsed when it is JSON. */
    public record Answer(int status, HttpResponse<String> response) {
        public JsonNode json() {
            return JSON.readTree(response.body());
        }

        public String text(String field) {
            return json().path(field).asString("");
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** The problem's type without its prefix, empty for none. */
        public String problem() {
            return header("Content-Type").startsWith("application/problem+json")
                    ? text("type").replace("urn:berth:problem:", "")
                    : "";
        }

        @Override
        public String toString() {
            return status + " " + response.body();
        }
    }

    public Answer get(String path) {
        return send("GET", path, null);
    }

    public Answer post(String path, @Nullable String json) {
        return send("POST", path, json);
    }

    public Answer put(String path, @Nullable String json) {
        return send("PUT", path, json);
    }

    public Answer patch(String path, @Nullable String json) {
        return send("PATCH", path, json);
    }

    public Answer delete(String path) {
        return send("DELETE", path, null);
    }

    /** @param path below /api/v1, or from the root when it begins with two slashes */
    public Answer send(String method, String path, @Nullable String json) {
        String url = path.startsWith("//") ? address + path.substring(1) : address + "/api/v1" + path;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(90));
        headers.forEach(request::setHeader);
        if (json != null && !headers.containsKey("Content-Type")) {
            request.setHeader("Content-Type", "application/json");
        }
        request.method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        try {
            HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits for the operation that an answer's Location names. */
    public JsonNode finished(Answer accepted) {
        String location = accepted.header("Location");
        if (accepted.status() != 202 || location.isEmpty()) {
            throw new AssertionError("not accepted: " + accepted);
        }
        Answer answer = get(location.substring("/api/v1".length()) + "?wait=30s");
        if (answer.status() != 200) {
            throw new AssertionError("no operation: " + answer);
        }
        return answer.json();
    }
}
