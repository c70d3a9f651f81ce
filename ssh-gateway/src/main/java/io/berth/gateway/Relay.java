// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.access.AccessRules;
import io.berth.core.client.AgentException;
import io.berth.core.client.AttachedProcess;
import io.berth.core.protocol.AttachRequest.Subsystem;
import io.berth.core.protocol.Refusal;
import io.berth.gateway.ClientOutput.Stream;
import io.berth.gateway.SessionRequest.WindowSize;
import io.berth.gateway.text.Printable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins one channel to one process: a thread for each direction, one that waits for the end. EOF travels each way on its own.
 * The channel closes as sshd closes it: once the process has ended and its output with it; without a terminal a child that
 * holds the pipes keeps it open.
 */
final class Relay {
    /** Exit status when the process could not be run because of what was asked. */
    static final int REFUSED = 1;
    /** Exit status of ours, as ssh(1) uses it. */
    static final int OUR_FAILURE = 255;

    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    /**
     * The end of a session's leader hangs up its terminal and so ends its output (disassociate_ctty, drivers/tty/tty_jobctrl.c). Where
     * a child has kept the terminal open all the same, this much silence after the end means that all has been read.
     */
    private static final Duration QUIET = Duration.ofMillis(200);

    private static final int MOST_EARLY = 16;
    /** How long a client that reads nothing keeps a session that is ended from here. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final SessionChannel channel;
    private final Relays relays;
    private final PendingInput input = new PendingInput();
    private final ClientOutput output;
    private final List<Consumer<AttachedProcess>> early = new ArrayList<>();
    private volatile boolean started;
    private boolean hungUp;
    private boolean ended;
    private @Nullable AttachedProcess process;
    private final Seat seat;
    private final Words words;

    Relay(SessionChannel channel, SessionRequest request, Relays relays) {
        this.channel = channel;
        this.relays = relays;
        this.seat = new Seat(relays.watch());
        this.output = new ClientOutput(channel, seat::sent);
        this.words = new Words(channel, request, output);
    }

    boolean isStarted() {
        return started;
    }

    /** sshd's no-pty. */
    boolean allowsPty() {
        return rules().map(AccessRules::pty).orElse(false);
    }

    /** sshd's no-agent-forwarding. */
    boolean allowsAgent() {
        return rules().map(rules -> rules.forwarding().agent()).orElse(false);
    }

    /** sshd's no-X11-forwarding. */
    boolean allowsX11() {
        return rules().map(rules -> rules.forwarding().x11()).orElse(false);
    }

    private Optional<AccessRules> rules() {
        return Optional.ofNullable(channel.getSession().getAttribute(Login.KEY)).map(Login::rules);
    }

    /**
     * @param command null for a login shell
     * @param subsystem what runs instead of either
     */
    void start(@Nullable String command, @Nullable Subsystem subsystem) {
        started = true;
        relays.threads().execute(() -> run(new Wanted(command, subsystem)));
    }

    void input(byte[] data, int offset, int length) throws IOException {
        seat.received(length);
        int gone = input.append(data, offset, length);
        if (gone > 0) {
            channel.releaseWindow(gone);
        }
    }

    void inputEnded() {
        input.end();
    }

    void resize(WindowSize size) {
        tellProcess(process -> process.resize(size.columns(), size.rows(), size.widthPixels(), size.heightPixels()));
    }

    void signal(String name) {
        tellProcess(process -> process.signal(name));
    }

    void outputUnwanted() {
        tellProcess(process -> {
            try {
                process.stdout().close();
            } catch (IOException e) {
                LOG.debug("event=output-not-closed, ignoring", e);
            }
        });
    }

    /** Now, or once the process is there. */
    private synchronized void tellProcess(Consumer<AttachedProcess> message) {
        if (ended || hungUp) {
            return;
        }
        if (process != null) {
            message.accept(process);
        } else if (early.size() < MOST_EARLY) {
            early.add(message);
        }
    }

    /** The client is gone: a terminal hangs up by itself when its master closes; the rest is told. */
    void hangUp() {
        AttachedProcess left;
        synchronized (this) {
            left = hungUp || ended ? null : process;
            hungUp = true;
        }
        relays.threads().execute(() -> letGo(left));
    }

    /** By a thread that may wait: a container's process can hold its pipes up for as long as it likes. */
    private void letGo(@Nullable AttachedProcess left) {
        input.discard();
        if (left != null) {
            abandon(left);
        }
    }

    private static void abandon(AttachedProcess process) {
        if (!process.hasPty()) {
            process.signal("HUP");
        }
        process.close();
    }

    private void run(Wanted wanted) {
        var reception = new Reception(channel, relays, wanted, words, seat, this::evict);
        try {
            AttachedProcess attached = new Arrival(reception).process();
            if (attached != null) {
                accompany(attached);
            }
        } catch (PlatformSilentException e) {
            LOG.warn("event=platform-silent cause={}", Printable.line(String.valueOf(e.getMessage())));
            reception.refuse(Banner.TRY_AGAIN.line(), OUR_FAILURE);
        } catch (AgentException e) {
            int status = e.refusal() == Refusal.FAILED ? OUR_FAILURE : REFUSED;
            reception.refuse(Banner.of(String.valueOf(e.getMessage())).line(), status);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            if (!channel.isClosing()) {
                LOG.error("event=session-failed", e);
            }
        } finally {
            seat.leave();
            channel.relayEnded();
        }
    }

    /** Somebody or something ends it from here: the client is told, if it listens, and then it is as if it had hung up. */
    private void evict(Banner why) {
        relays.threads().execute(() -> {
            try {
                CompletableFuture.runAsync(() -> words.tell(why), relays.threads())
                        .get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                LOG.debug("event=not-told, ignoring", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            channel.close(false);
        });
    }

    private void accompany(AttachedProcess attached) throws IOException, InterruptedException {
        if (!adopt(attached)) {
            return;
        }
        try {
            List<OutputPump> pumps = pump(attached);
            var drained =
                    CompletableFuture.allOf(pumps.stream().map(OutputPump::end).toArray(CompletableFuture[]::new));
            CompletableFuture<Void> ended = drained.thenRun(this::endOutput);
            channel.exited(attached.waitFor());
            await(ended, attached.hasPty() ? pumps : List.of());
            output.flush();
            endOutput();
        } finally {
            leave(attached);
        }
    }

    private void endOutput() {
        try {
            channel.endOutput();
        } catch (IOException e) {
            LOG.debug("event=gone-at-the-end", e);
        }
    }

    /** @return false when the client has gone before its process came */
    private boolean adopt(AttachedProcess attached) {
        synchronized (this) {
            if (!hungUp) {
                process = attached;
                early.forEach(message -> message.accept(attached));
                early.clear();
                return true;
            }
        }
        abandon(attached);
        return false;
    }

    private void leave(AttachedProcess attached) {
        boolean mine;
        synchronized (this) {
            mine = !hungUp;
            ended = true;
        }
        input.discard();
        if (mine) {
            attached.close();
        }
    }

    /** @param stoppable pumps that have carried all there is once they wait for more */
    private static void await(CompletableFuture<Void> ended, List<OutputPump> stoppable) throws InterruptedException {
        while (!ended.isDone()) {
            try {
                ended.get(QUIET.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (stoppable.stream().anyMatch(pump -> pump.hasWaited(QUIET))) {
                    return;
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("a pump does not fail", e);
            }
        }
    }

    private List<OutputPump> pump(AttachedProcess attached) {
        List<OutputPump> pumps = attached.hasPty()
                ? List.of(new OutputPump(attached.stdout(), output, Stream.STDOUT))
                : List.of(
                        new OutputPump(attached.stdout(), output, Stream.STDOUT),
                        new OutputPump(attached.stderr(), output, Stream.STDERR));
        pumps.forEach(relays.threads()::execute);
        input.shortcut(attached::offer);
        relays.threads().execute(new InputPump(input, attached.stdin(), channel));
        return pumps;
    }
}
