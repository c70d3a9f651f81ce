// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.terminal;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;

/** Where the terminals' WebSocket is. */
@Configuration(proxyBeanMethods = false)
@EnableWebSocket
class TerminalSockets implements WebSocketConfigurer {
    private final TerminalSocket socket;
    private final TerminalHandshake handshake;

    TerminalSockets(TerminalSocket socket, TerminalHandshake handshake) {
        this.socket = socket;
        this.handshake = handshake;
    }

    /** Which origins may is looked at by {@link TerminalHandshake}: Spring compares the scheme, too, which a proxy changes. */
    @Override
    public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
        registry.addHandler(socket, "/api/v1/terminals/*")
                .addInterceptors(handshake)
                .setAllowedOriginPatterns("*");
    }
}
