// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.access.AccessRules;
import io.berth.core.client.AgentException;
import io.berth.core.client.AttachedProcess;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.AttachRequest.Subsystem;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Reply;
import io.berth.gateway.ClientOutput.Stream;
import io.berth.gateway.SessionRequest.WindowSize;
import io.berth.gateway.audit.AuditEvent;
import io.berth.gateway.audit.AuditEvent.Kind;
import io.berth.gateway.audit.AuditEvent.Outcome;
import io.berth.gateway.audit.AuditEvent.Where;
import io.berth.gateway.audit.AuditEvent.Who;
import io.berth.gateway.audit.TimeOrdered;
import io.berth.gateway.lobby.Lobby;
import io.berth.gateway.lobby.LobbyProcess;
import io.berth.gateway.text.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
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

    /** The lobby's name, as a user name and in the log. */
    static final String LOBBY = "lobby";

    private final SessionChannel channel;
    private final SessionRequest request;
    private final Relays relays;
    private final PendingInput input = new PendingInput();
    private final ClientOutput output;
    private final List<Consumer<AttachedProcess>> early = new ArrayList<>();
    private volatile boolean started;
    private boolean hungUp;
    private boolean ended;
    private @Nullable AttachedProcess process;
    private volatile @Nullable LiveSession session;
    private final LongAdder typedAhead = new LongAdder();
    private volatile Kind asked = Kind.SHELL;

    Relay(SessionChannel channel, SessionRequest request, Relays relays) {
        this.channel = channel;
        this.request = request;
        this.relays = relays;
        this.output = new ClientOutput(channel, this::sent);
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

    private Optional<AccessRules> rules() {
        return Optional.ofNullable(channel.getSession().getAttribute(Login.KEY)).map(Login::rules);
    }

    /**
     * @param command null for a login shell
     * @param subsystem what runs instead of either
     */
    void start(@Nullable String command, @Nullable Subsystem subsystem) {
        started = true;
        relays.threads().execute(() -> run(command, subsystem));
    }

    private void sent(int bytes) {
        LiveSession open = session;
        if (open != null) {
            open.sent(bytes);
        }
    }

    void input(byte[] data, int offset, int length) throws IOException {
        LiveSession open = session;
        if (open == null) {
            typedAhead.add(length);
        } else {
            open.received(length);
        }
        if (!input.append(data, offset, length)) {
            channel.releaseWindow(length);
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
        input.discard();
        AttachedProcess left;
        synchronized (this) {
            left = hungUp || ended ? null : process;
            hungUp = true;
        }
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

    private void run(@Nullable String command, @Nullable Subsystem subsystem) {
        asked = subsystem != null ? Kind.SFTP : command != null ? Kind.EXEC : Kind.SHELL;
        try {
            AttachedProcess attached = attach(command, subsystem);
            if (attached != null) {
                accompany(attached);
            }
        } catch (PlatformSilentException e) {
            LOG.warn("event=platform-silent cause={}", Printable.line(String.valueOf(e.getMessage())));
            refuse(Banner.TRY_AGAIN.line(), OUR_FAILURE);
        } catch (AgentException e) {
            int status = e.refusal() == Refusal.FAILED ? OUR_FAILURE : REFUSED;
            refuse(Banner.of(String.valueOf(e.getMessage())).line(), status);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            if (!channel.isClosing()) {
                LOG.error("event=session-failed", e);
            }
        } finally {
            forget(session);
            channel.relayEnded();
        }
    }

    /** Somebody or something ends it from here: the client is told, if it listens, and then it is as if it had hung up. */
    private void evict(Banner why) {
        relays.threads().execute(() -> {
            try {
                CompletableFuture.runAsync(() -> tellUser(why), relays.threads())
                        .get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                LOG.debug("event=not-told, ignoring", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            channel.close(false);
        });
    }

    private @Nullable AttachedProcess attach(@Nullable String command, @Nullable Subsystem subsystem)
            throws PlatformSilentException {
        Login login = channel.getSession().getAttribute(Login.KEY);
        if (login == null) {
            throw new IllegalStateException("a channel of a connection that nobody logged in to");
        }
        return switch (login.forChannel()) {
            case Decision.Admitted admitted -> attachAwake(login, admitted, new Wanted(command, subsystem));
            case Decision.Lobby lobby -> enterLobby(login, lobby, new Wanted(command, subsystem));
            case Decision.Nowhere(String message) -> refused(Banner.of(message));
            case Decision.BadName(String message) -> refused(Banner.of(message));
            case Decision.Refused _ -> refused(Banner.NO_ACCESS); // the key was removed since
        };
    }

    /** What the client asked for: a shell where both are null. */
    private record Wanted(
            @Nullable String command, @Nullable Subsystem subsystem) {
        String kind(Decision.Admitted admitted) {
            return admitted.rules().forcedCommand() != null ? "forced" : kind();
        }

        String kind() {
            if (subsystem != null) {
                return subsystem.name().toLowerCase(Locale.ROOT);
            }
            return command == null ? "shell" : "exec";
        }
    }

    private @Nullable AttachedProcess attachAwake(Login login, Decision.Admitted admitted, Wanted wanted)
            throws PlatformSilentException {
        Decision.Stopped stopped = admitted.stopped();
        if (stopped != null) {
            return attachWoken(login, admitted, stopped, wanted);
        }
        try {
            return attach(login, admitted, wanted);
        } catch (AgentException e) {
            // it may have been stopped since the platform's word, or by itself a moment ago
            if (e.refusal() == Refusal.CONFLICT
                    && login.anew() instanceof Decision.Admitted now
                    && now.stopped() != null) {
                return attachWoken(login, now, now.stopped(), wanted);
            }
            throw e;
        }
    }

    private @Nullable AttachedProcess attachWoken(
            Login login, Decision.Admitted admitted, Decision.Stopped stopped, Wanted wanted)
            throws PlatformSilentException {
        boolean interactive = request.pty() != null && wanted.kind(admitted).equals("shell");
        if (!Waking.isDue(stopped, interactive)) {
            return refused(Waking.stopped(admitted.container()));
        }
        tellUser(Waking.begun(admitted.container()));
        long start = System.nanoTime();
        return switch (login.wake(interactive)) {
            case Decision.Admitted woken
            when woken.stopped() == null -> {
                Duration taken = Duration.ofNanos(System.nanoTime() - start);
                tellUser(Waking.done(admitted.container(), taken));
                relays.watch()
                        .note(
                                Kind.WAKE,
                                Outcome.DONE,
                                Watch.who(login, admitted.tenant().value()),
                                new Where(admitted.container(), admitted.user().value(), null),
                                taken.toMillis() + " ms");
                yield attach(login, woken, wanted);
            }
            case Decision.Admitted still -> refused(Waking.stopped(still.container()));
            case Decision.Nowhere(String message) -> refused(Banner.of(message));
            case Decision.BadName(String message) -> refused(Banner.of(message));
            case Decision.Lobby _ ->
                refused(Banner.of("container '" + admitted.container() + "' was deleted just now"));
            case Decision.Refused _ -> refused(Banner.NO_ACCESS);
        };
    }

    private @Nullable AttachedProcess attach(Login login, Decision.Admitted admitted, Wanted wanted) {
        AttachRequest attach = request.limited(admitted, wanted.command(), wanted.subsystem(), environment());
        LiveSession opened = opened(
                Watch.who(login, admitted.tenant().value()),
                new Where(admitted.container(), admitted.user().value(), TimeOrdered.id()),
                wanted.kind(admitted),
                attach.pty() != null,
                admitted.policy());
        String full = relays.watch().sessions().admit(opened, admitted.policy());
        if (full != null) {
            return refused(Banner.of(full));
        }
        session = opened;
        opened.received(typedAhead.sumThenReset());
        try {
            AttachedProcess attached = attached(login, admitted, wanted, attach);
            String what = attach.command();
            relays.watch()
                    .note(
                            asked,
                            Outcome.DONE,
                            opened.facts().who(),
                            opened.facts().where(),
                            what);
            tellOfStandby(admitted, attach);
            greet(admitted.policy(), attach);
            return attached;
        } catch (AgentException e) {
            relays.watch().sessions().remove(opened);
            session = null;
            throw e;
        }
    }

    private LiveSession opened(Who who, Where where, String kind, boolean terminal, Decision.SessionPolicy policy) {
        Integer idle = policy.idleSeconds();
        return new LiveSession(
                new LiveSession.Facts(
                        Objects.requireNonNull(where.session()),
                        who,
                        Objects.requireNonNull(who.tenant()),
                        Objects.requireNonNull(where.container()),
                        Objects.requireNonNull(where.guestUser()),
                        kind,
                        terminal,
                        Instant.now(),
                        idle == null ? null : Duration.ofSeconds(idle)),
                this::evict);
    }

    private void forget(@Nullable LiveSession open) {
        if (open == null) {
            return;
        }
        session = null;
        relays.watch().sessions().remove(open);
        relays.watch()
                .journal()
                .note(AuditEvent.of(
                                Kind.SESSION_END,
                                Outcome.DONE,
                                open.facts().who(),
                                open.facts().where(),
                                null)
                        .with(open.bytesIn(), open.bytesOut()));
    }

    /** Programs are spared it. */
    private void tellOfStandby(Decision.Admitted admitted, AttachRequest attach) {
        if (admitted.isOnStandby() && attach.pty() != null) {
            tellUser(Banner.of("the platform does not answer; logins like this one go on until "
                    + admitted.ticketExpiresAt().truncatedTo(ChronoUnit.SECONDS)));
        }
    }

    /** The tenant's own message of the day, before the shell's first byte. */
    private void greet(Decision.SessionPolicy policy, AttachRequest attach) {
        String motd = policy.motd();
        if (motd != null && attach.pty() != null && attach.command() == null) {
            motd.lines().forEach(line -> tell(Stream.STDOUT, Printable.line(line) + "\r\n"));
        }
    }

    private AttachedProcess attached(Login login, Decision.Admitted admitted, Wanted wanted, AttachRequest attach) {
        relays.watch()
                .log()
                .info(
                        "event=session tenant={} container={} user={} kind={} pty={} source={}",
                        admitted.tenant(),
                        Printable.of(admitted.container()),
                        admitted.user(),
                        wanted.kind(admitted),
                        attach.pty() != null,
                        login.request().sourceAddress());
        return relays.attacher().attach(admitted.ticket(), attach);
    }

    /** A container that there is not may have been meant: under its name the lobby takes no order that changes anything. */
    private @Nullable AttachedProcess enterLobby(Login login, Decision.Lobby lobby, Wanted wanted)
            throws PlatformSilentException {
        String command = wanted.command();
        if (wanted.subsystem() != null) {
            return refused(
                    Banner.of(lobby.instead() == null ? "the lobby has no files; name a container" : lobby.instead()));
        }
        if (lobby.instead() != null) {
            if (command == null ? request.pty() == null : !Lobby.onlyLooks(command)) {
                return refused(Banner.of(lobby.instead()));
            }
            tellUser(Banner.of(lobby.instead() + "; this is the lobby"));
        }
        LiveSession opened = opened(
                Watch.who(login, lobby.tenant().value()),
                new Where(LOBBY, LOBBY, TimeOrdered.id()),
                LOBBY,
                request.pty() != null,
                lobby.policy());
        String full = relays.watch().sessions().admit(opened, lobby.policy());
        if (full != null) {
            return refused(Banner.of(full));
        }
        session = opened;
        opened.received(typedAhead.sumThenReset());
        relays.watch()
                .log()
                .info(
                        "event=session tenant={} container=none kind={} pty={} source={}",
                        lobby.tenant(),
                        wanted.kind(),
                        request.pty() != null,
                        login.request().sourceAddress());
        return LobbyProcess.start(
                LobbyStay.of(channel.getSession(), relays.desk())
                        .visitor(
                                channel.getSession(),
                                login,
                                line -> relays.watch()
                                        .note(
                                                Kind.LOBBY,
                                                Outcome.DONE,
                                                opened.facts().who(),
                                                opened.facts().where(),
                                                line)),
                command,
                lobby.rules().pty() ? request.pty() : null,
                relays.threads());
    }

    /** A word on stderr before there is a process. */
    private void tellUser(Banner banner) {
        tell(Stream.STDERR, banner.line() + (request.pty() == null ? "\n" : "\r\n"));
    }

    private void tell(Stream stream, String line) {
        try {
            byte[] text = line.getBytes(StandardCharsets.UTF_8);
            output.write(stream, text, text.length);
        } catch (IOException e) {
            LOG.debug("event=gone-while-told", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The connection's variables. */
    private Map<String, String> environment() {
        Map<String, String> variables =
                new HashMap<>(Whereabouts.of(channel.getSession()).variables());
        if (request.wantsAgent()) {
            try {
                variables.put("SSH_AUTH_SOCK", AgentForward.socket(channel.getSession(), relays.forwards()));
            } catch (ForwardRefusedException e) {
                LOG.debug("event=no-agent, ignoring: the log has its reason, and the session goes on without", e);
            }
        }
        return variables;
    }

    private @Nullable AttachedProcess refused(Banner banner) {
        refuse(banner.line(), REFUSED);
        return null;
    }

    private void refuse(String line, int status) {
        if (channel.isClosing()) {
            return; // nobody is there to be told
        }
        Login login = channel.getSession().getAttribute(Login.KEY);
        if (login != null) {
            relays.watch()
                    .note(
                            asked,
                            status == OUR_FAILURE ? Outcome.FAILED : Outcome.REFUSED,
                            Watch.who(login, tenant(login.first())),
                            new Where(container(login.first()), null, null),
                            line);
        }
        relays.watch()
                .log()
                .info("event=session-refused status={} message='{}' session={}", status, line, channel.getSession());
        byte[] text = (line + (request.pty() == null ? "\n" : "\r\n")).getBytes(StandardCharsets.UTF_8);
        try {
            output.write(Stream.STDERR, text, text.length);
            channel.exited(new Reply.Exited(status, null));
            channel.endOutput();
        } catch (IOException e) {
            LOG.debug("event=gone-while-refused", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable String tenant(Decision decision) {
        return switch (decision) {
            case Decision.Admitted admitted -> admitted.tenant().value();
            case Decision.Lobby lobby -> lobby.tenant().value();
            default -> null;
        };
    }

    private static @Nullable String container(Decision decision) {
        return decision instanceof Decision.Admitted admitted ? admitted.container() : null;
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
        relays.threads().execute(new InputPump(input, attached.stdin(), channel));
        return pumps;
    }
}
