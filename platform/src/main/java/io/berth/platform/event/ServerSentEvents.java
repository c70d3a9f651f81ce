// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.event;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;

/**
 * An answer that goes on: the event stream of HTML's specification. It is written by the request's own virtual thread, which a client that
 * reads slowly holds up and nobody else; one that does not read at all is cut off by the server's write timeout.
 */
public final class ServerSentEvents {
    /** Proxies commonly close what is silent for a minute; and it is only by writing that a vanished client is noticed. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final OutputStream out;

    private ServerSentEvents(OutputStream out) {
        this.out = out;
    }

    /** Sends the head, so that the client knows that it has begun. */
    public static ServerSentEvents begin(HttpServletResponse response) throws IOException {
        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader(HttpHeaders.CACHE_CONTROL, CacheControl.noStore().getHeaderValue());
        response.setHeader("X-Accel-Buffering", "no"); // nginx would gather it
        var events = new ServerSentEvents(response.getOutputStream());
        events.write(":\n\n");
        return events;
    }

    /**
     * @param id where to resume after it, null for no change
     * @param json one line
     */
    public void send(@Nullable String id, String event, String json) throws IOException {
        write((id == null ? "" : "id: " + id + "\n") + "event: " + event + "\ndata: " + json + "\n\n");
    }

    /** An event without data is none, but its id counts. */
    public void heartbeat(@Nullable String id) throws IOException {
        write(id == null ? ":\n\n" : "id: " + id + "\n\n");
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
