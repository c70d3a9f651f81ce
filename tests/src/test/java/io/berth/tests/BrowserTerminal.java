// SPDX-License-Identifier: Apache-2.0
package io.berth.tests;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A terminal of the portal's: what a browser does, without one. */
final class BrowserTerminal implements WebSocket.Listener {
    private static final long PATIENCE_SECONDS = 60;

    private final StringBuilder shown = new StringBuilder();
    private final StringBuilder messages = new StringBuilder();
    private final CompletableFuture<String> closed = new CompletableFuture<>();

    /** Types that, and waits until the shell has ended; gives what was shown, and then the messages about it. */
    static String type(URI address, String credential, String ticket, String typed) {
        var terminal = new BrowserTerminal();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization", credential)
                .buildAsync(address, terminal)
                .join();
        socket.sendText("{\"ticket\":\"" + ticket + "\"}", true).join();
        socket.sendBinary(ByteBuffer.wrap(typed.getBytes(StandardCharsets.UTF_8)), true)
                .join();
        return terminal.closed.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        messages.append(data);
        socket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
        shown.append(StandardCharsets.UTF_8.decode(data));
        socket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
        closed.complete(shown + "\n" + messages);
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        closed.completeExceptionally(error);
    }
}
