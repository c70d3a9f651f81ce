// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of server-sent events, as HTML's specification reads them. */
public final class EventReader implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final InputStream body;
    private final BlockingQueue<Line> queue = new LinkedBlockingQueue<>();

    /** One event; the id is the last one that was sent. */
    public record Event(String id, String name, JsonNode data) {
        public String change() {
            return data.path("change").asString();
        }

        public JsonNode resource() {
            return data.path("resource");
        }
    }

    private record Line(@Nullable Event event) {}

    private EventReader(InputStream body) {
        this.body = body;
        Thread.ofVirtual().start(this::read);
    }

    /** @param lastEventId null for a new stream */
    public static EventReader open(Api api, String path, @Nullable String lastEventId) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api.address() + "/api/v1" + path));
        api.headers().forEach(request::setHeader);
        if (lastEventId != null) {
            request.setHeader("Last-Event-ID", lastEventId);
        }
        try {
            HttpResponse<InputStream> response =
                    HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() != 200) {
                throw new AssertionError(path + ": " + response.statusCode());
            }
            return new EventReader(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            String id = "";
            String name = "message";
            String data = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    if (!data.isEmpty()) {
                        queue.add(
                                new Line(new Event(id, name, JsonMapper.shared().readTree(data))));
                    }
                    name = "message";
                    data = "";
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                }
            }
            queue.add(new Line(null));
        } catch (IOException e) {
            queue.add(new Line(null));
        }
    }

    /** The next that is so; what comes before it is passed over. */
    public Event next(Predicate<Event> wanted) {
        List<Event> passed = new ArrayList<>();
        while (true) {
            Event event = take().orElseThrow(() -> new AssertionError("the stream ended after " + passed));
            if (wanted.test(event)) {
                return event;
            }
            passed.add(event);
        }
    }

    /** All until the stream ends. */
    public List<Event> untilEnd() {
        List<Event> all = new ArrayList<>();
        for (Optional<Event> event = take(); event.isPresent(); event = take()) {
            all.add(event.get());
        }
        return all;
    }

    private Optional<Event> take() {
        try {
            @Nullable Line line = queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("nothing came");
            }
            return Optional.ofNullable(line.event());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
