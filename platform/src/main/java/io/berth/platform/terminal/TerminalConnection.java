// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.terminal;

import io.berth.core.protocol.Reply;
import io.berth.platform.problem.Problem;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import tools.jackson.databind.json.JsonMapper;

/** A window's connection to a terminal: what is sent to it, all by one thread, which a slow window holds up and nobody else. */
final class TerminalConnection implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(TerminalConnection.class);
    private static final Duration TIME_FOR_THE_TICKET = Duration.ofSeconds(10);

    /** A peer that has vanished is noticed by writing; and proxies close what is silent for a minute. */
    private static final Duration PING = Duration.ofSeconds(30);

    private final WebSocketSession socket;
    private final JsonMapper json;
    private final Clock clock;
    private final CompletableFuture<Terminal> admitted = new CompletableFuture<>();
    private volatile @Nullable ProblemException refusal;
    private volatile Scrollback.@Nullable View view;

    TerminalConnection(WebSocketSession socket, JsonMapper json, Clock clock) {
        this.socket = socket;
        this.json = json;
        this.clock = clock;
    }

    private record Attached(TerminalSize attached) {}

    private record Exited(Status exited) {
        record Status(int status) {}
    }

    private record Refused(Problem error) {}

    WebSocketSession socket() {
        return socket;
    }

    /** The terminal that the first message's ticket has opened. */
    void admit(Terminal terminal) {
        admitted.complete(terminal);
    }

    @Nullable
    Terminal terminal() {
        return admitted.isCompletedExceptionally() ? null : admitted.getNow(null);
    }

    /** Ends the connection with a reason. */
    void refuse(ProblemException why) {
        refusal = why;
        if (!admitted.completeExceptionally(why)) {
            leave();
        }
    }

    /** The window has closed it. */
    void gone() {
        admitted.cancel(false);
        leave();
    }

    private void leave() {
        Terminal terminal = terminal();
        Scrollback.View present = view;
        if (terminal != null && present != null) {
            terminal.scrollback().leave(present);
        }
    }

    @Override
    public void run() {
        try {
            serve(admitted.get(TIME_FOR_THE_TICKET.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            tell(new ProblemException(
                    ProblemKind.NOT_SIGNED_IN, "the first message is to be {\"ticket\": \"…\"}; connect again"));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProblemException refused) {
                tell(refused);
            }
        } catch (CancellationException e) {
            LOG.debug("window gone before its ticket came", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(CloseStatus.POLICY_VIOLATION); // nothing happens where it is closed already
        }
    }

    private void serve(Terminal terminal) throws InterruptedException {
        Scrollback.View attached = terminal.attach();
        view = attached;
        try {
            send(terminal, attached);
        } catch (IOException | IllegalStateException e) {
            LOG.debug("window gone", e); // IllegalStateException: closed while being written to
        } finally {
            terminal.detach(attached, clock.instant());
        }
    }

    private void send(Terminal terminal, Scrollback.View attached) throws IOException, InterruptedException {
        Scrollback scrollback = terminal.scrollback();
        long kept = scrollback.written();
        boolean isAttached = false;
        while (true) {
            if (!isAttached && scrollback.hasRead(attached, kept)) {
                isAttached = true;
                send(new Attached(terminal.size()));
            }
            switch (scrollback.take(attached, PING)) {
                case Scrollback.Part.Bytes(byte[] bytes) -> socket.sendMessage(new BinaryMessage(bytes));
                case Scrollback.Part.Silence() -> socket.sendMessage(new PingMessage());
                case Scrollback.Part.End() -> {
                    ended(terminal);
                    return;
                }
                case Scrollback.Part.TakenAway() -> {
                    ProblemException why = refusal;
                    tell(
                            why != null
                                    ? why
                                    : new ProblemException(
                                            ProblemKind.CONFLICT, "the terminal is shown in another window now"));
                    return;
                }
            }
        }
    }

    private void ended(Terminal terminal) throws IOException {
        Reply.Exited exit = terminal.exit();
        ProblemException ending = terminal.ending();
        if (exit != null) {
            send(new Exited(new Exited.Status(ExitCode.of(exit))));
            close(CloseStatus.NORMAL);
        } else {
            tell(
                    ending != null
                            ? ending
                            : new ProblemException(ProblemKind.NODE_FAILED, "the terminal broke off; open another"));
        }
    }

    private void send(Object message) throws IOException {
        socket.sendMessage(new TextMessage(json.writeValueAsBytes(message)));
    }

    private void tell(ProblemException why) {
        try {
            send(new Refused(why.problem()));
            close(CloseStatus.POLICY_VIOLATION);
        } catch (IOException | IllegalStateException e) {
            LOG.debug("window gone before it was told", e);
        }
    }

    private void close(CloseStatus status) {
        try {
            socket.close(status);
        } catch (IOException e) {
            LOG.debug("window gone before its connection was closed", e);
        }
    }
}
