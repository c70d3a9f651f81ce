// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.testing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A browser's end of a terminal's WebSocket. */
public final class TerminalWindow implements WebSocket.Listener, AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final StringBuilder shown = new StringBuilder();
    private final StringBuilder part = new StringBuilder();
    private final StringBuilder texts = new StringBuilder();
    private final WebSocket socket;
    private boolean closed;
    private boolean reads = true;

    private TerminalWindow(Api api, String id, Map<String, String> headers) {
        URI uri = URI.create(api.address().replace("http", "ws") + "/api/v1/terminals/" + id);
        WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
        api.headers().forEach(builder::header);
        headers.forEach(builder::header);
        socket = builder.buildAsync(uri, this).join();
    }

    /** @throws CompletionException when the server refuses the handshake */
    public static TerminalWindow connect(Api api, String id, Map<String, String> headers) {
        return new TerminalWindow(api, id, headers);
    }

    public static TerminalWindow open(Api api, Api.Answer terminal) {
        TerminalWindow window = connect(api, terminal.text("id"), Map.of());
        window.text("{\"ticket\":\"" + terminal.text("ticket") + "\"}");
        return window;
    }

    public void text(String json) {
        socket.sendText(json, true).join();
    }

    public void type(String text) {
        socket.sendBinary(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), true)
                .join();
    }

    /** Stops to read, as a window that hangs does. */
    public synchronized void hang() {
        reads = false;
    }

    @Override
    public synchronized @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            texts.append(part).append('\n');
            part.setLength(0);
        }
        return next(from);
    }

    @Override
    public synchronized @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        shown.append(StandardCharsets.UTF_8.decode(data));
        return next(from);
    }

    private @Nullable CompletionStage<?> next(WebSocket from) {
        notifyAll();
        if (reads) {
            from.request(1);
        }
        return null;
    }

    @Override
    public synchronized @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        closed = true;
        notifyAll();
        return null;
    }

    @Override
    public synchronized void onError(WebSocket from, Throwable error) {
        closed = true;
        notifyAll();
    }

    public synchronized String shown() {
        return shown.toString();
    }

    /** Waits until it has shown that. */
    public void awaitShown(String text) {
        await(window -> window.shown.indexOf(text) >= 0);
    }

    /** Waits for a text message that has this field, and gives its value. */
    public synchronized JsonNode awaitText(String field) {
        await(window -> window.texts.indexOf("{\"" + field + "\"") >= 0);
        return texts.toString()
                .lines()
                .filter(line -> line.startsWith("{\"" + field + "\""))
                .map(line -> JsonMapper.shared().readTree(line).path(field))
                .findFirst()
                .orElseThrow();
    }

    public void awaitClosed() {
        await(window -> window.closed);
    }

    private synchronized void await(Predicate<TerminalWindow> condition) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try {
            while (!condition.test(this)) {
                long left = until - System.nanoTime();
                if (left <= 0 || (closed && !condition.test(this))) {
                    throw new AssertionError(
                            "did not come; shown: " + shown.substring(Math.max(0, shown.length() - 500)) + " texts: "
                                    + texts + " closed: " + closed);
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        socket.abort();
    }
}
