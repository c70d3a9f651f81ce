// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.terminal;

import io.berth.platform.event.AccessListener;
import io.berth.platform.event.StreamSlots;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The WebSocket of terminals: whose connections there are, and what comes in over them. */
@Component
class TerminalSocket extends AbstractWebSocketHandler implements AccessListener {
    private static final Logger LOG = LoggerFactory.getLogger(TerminalSocket.class);
    private static final int MOST_TEXT_CHARACTERS = 1024; // a ticket, or a size
    private static final String TEXT = TerminalSocket.class.getName() + ".text";

    private static final String SLOT = TerminalSocket.class.getName() + ".slot";

    private final Terminals terminals;
    private final TerminalTickets tickets;
    private final StreamSlots slots;
    private final JsonMapper json;
    private final Clock clock;
    private final ConcurrentMap<String, TerminalConnection> connections = new ConcurrentHashMap<>();

    TerminalSocket(Terminals terminals, TerminalTickets tickets, StreamSlots slots, JsonMapper json, Clock clock) {
        this.slots = slots;
        this.terminals = terminals;
        this.tickets = tickets;
        this.json = json;
        this.clock = clock;
    }

    /** A text message; exactly one is there. */
    private record Text(@Nullable String ticket, @Nullable Resize resize) {
        record Resize(int columns, int rows) {}

        @Override
        public String toString() {
            return "Text[resize=" + resize + "]";
        }
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession socket) {
        var connection = new TerminalConnection(socket, json, clock);
        connections.put(socket.getId(), connection);
        try {
            socket.getAttributes().put(SLOT, slots.take(TerminalHandshake.caller(socket)));
        } catch (ProblemException e) {
            connection.refuse(e);
        }
        Thread.ofVirtual().name("terminal-window").start(connection);
    }

    @Override
    protected void handleTextMessage(WebSocketSession socket, TextMessage message) {
        String begun = socket.getAttributes().remove(TEXT) instanceof String part ? part : "";
        String text = begun + message.getPayload();
        if (text.length() > MOST_TEXT_CHARACTERS) {
            refuse(socket, ProblemException.malformed("the text is too long; type by binary messages"));
        } else if (message.isLast()) {
            understand(socket, text);
        } else {
            socket.getAttributes().put(TEXT, text);
        }
    }

    private void understand(WebSocketSession socket, String text) {
        try {
            Text read = json.readValue(text, Text.class);
            String ticket = read.ticket();
            Text.Resize resize = read.resize();
            if (ticket != null && resize == null) {
                admit(socket, ticket);
            } else if (resize != null && ticket == null) {
                TerminalSize size = TerminalSize.nearest(resize.columns(), resize.rows());
                terminal(socket).ifPresent(terminal -> terminal.resize(size));
            } else {
                refuse(socket, ProblemException.malformed("use {\"ticket\": …} first, then {\"resize\": …}"));
            }
        } catch (JacksonException e) {
            refuse(socket, ProblemException.malformed("no {\"ticket\": …} and no {\"resize\": …}"));
        }
    }

    private void admit(WebSocketSession socket, String ticket) {
        Caller caller = TerminalHandshake.caller(socket);
        UUID id = TerminalHandshake.terminal(socket);
        Optional<Terminal> found = terminals.find(caller, id);
        TerminalConnection connection = connections.get(socket.getId());
        if (connection == null || connection.terminal() != null) {
            refuse(socket, ProblemException.malformed("this connection has its terminal; open another"));
        } else if (found.isEmpty() || !tickets.redeem(id, ticket)) {
            refuse(
                    socket,
                    new ProblemException(
                            ProblemKind.FORBIDDEN,
                            "the ticket was used, has expired, or is another's; ask for a fresh one"));
        } else {
            connection.admit(found.get());
        }
    }

    /** What is typed too fast for the program waits here, and so does the client. */
    @Override
    protected void handleBinaryMessage(WebSocketSession socket, BinaryMessage message) throws InterruptedException {
        byte[] bytes = new byte[message.getPayloadLength()];
        message.getPayload().get(bytes);
        Optional<Terminal> terminal = terminal(socket);
        if (terminal.isPresent()) {
            TerminalHandshake.standing(socket).used();
            terminal.get().input(bytes);
        }
    }

    private Optional<Terminal> terminal(WebSocketSession socket) {
        TerminalConnection connection = connections.get(socket.getId());
        Terminal terminal = connection == null ? null : connection.terminal();
        if (terminal == null) {
            refuse(socket, new ProblemException(ProblemKind.NOT_SIGNED_IN, "the first message is to be the ticket"));
        }
        return Optional.ofNullable(terminal);
    }

    private void refuse(WebSocketSession socket, ProblemException why) {
        TerminalConnection connection = connections.get(socket.getId());
        if (connection != null) {
            connection.refuse(why);
        }
    }

    @Override
    public boolean holdsAnything() {
        return !connections.isEmpty();
    }

    /** Ends connections whose credential is good no longer; their terminals may be kept for another. */
    @Override
    public void accessChanged(@Nullable UUID user, @Nullable UUID tenant) {
        connections.values().stream()
                .map(TerminalConnection::socket)
                .filter(socket -> user == null
                        || TerminalHandshake.caller(socket).userId().equals(user))
                .filter(socket -> TerminalHandshake.standing(socket).now().isEmpty())
                .forEach(socket -> refuse(
                        socket,
                        new ProblemException(ProblemKind.NOT_SIGNED_IN, "your sign-in has ended; sign in again")));
    }

    @Override
    public void handleTransportError(WebSocketSession socket, Throwable failure) {
        LOG.debug("window's connection failed", failure);
    }

    @Override
    public void afterConnectionClosed(WebSocketSession socket, CloseStatus status) {
        TerminalConnection connection = connections.remove(socket.getId());
        if (connection != null) {
            connection.gone();
        }
        if (socket.getAttributes().remove(SLOT) instanceof StreamSlots.Slot slot) {
            slot.close();
        }
    }

    @Override
    public boolean supportsPartialMessages() {
        return true; // so that none has to fit a buffer
    }
}
