// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.terminal;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.core.client.AttachedProcess;
import io.berth.core.spec.GuestUser;
import io.berth.platform.container.ContainerEntry;
import io.berth.platform.event.AccessListener;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.recording.RecordingPolicies;
import io.berth.platform.security.Caller;
import io.berth.platform.security.Standing;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.TenantAccess;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** All terminals of this process. They are somebody's: nobody else finds them, and they end when their owner may not go there any more. */
@Component
class Terminals implements AccessListener, SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Terminals.class);

    /** Each costs here a thread and 256 KiB, in the agent a connection: see its Peer.PLATFORM. */
    static final int MOST = 400;

    static final int MOST_PER_TENANT = 60;
    static final int MOST_PER_USER = 20;

    /** How long one is kept that no window shows: a reload, a train in a tunnel, a lunch is not what it is for. */
    static final Duration KEPT = Duration.ofMinutes(10);

    private final LoginShells shells;
    private final TerminalTickets tickets;
    private final TerminalThreads threads;
    private final TenantAccess access;
    private final RecordingPolicies recordings;
    private final Clock clock;
    private final Map<UUID, Terminal> open = new ConcurrentHashMap<>();
    private volatile boolean running;

    Terminals(
            LoginShells shells,
            TerminalTickets tickets,
            TerminalThreads threads,
            TenantAccess access,
            RecordingPolicies recordings,
            Clock clock) {
        this.recordings = recordings;
        this.shells = shells;
        this.tickets = tickets;
        this.threads = threads;
        this.access = access;
        this.clock = clock;
    }

    Terminal open(Caller caller, Standing standing, ContainerEntry container, GuestUser user, TerminalSize size) {
        requireRoom(caller, container);
        recordings.requireUnrecorded(container.tenant().value());
        AttachedProcess process = shells.begin(caller, container, user, size);
        var opening = new Terminal.Opening(
                UuidCreator.getTimeOrderedEpoch(),
                container,
                user,
                caller.userId(),
                caller.userName(),
                standing,
                clock.instant());
        var terminal = new Terminal(opening, process, size, threads);
        open.put(opening.id(), terminal);
        LOG.info(
                "event=terminal-opened terminal={} by={} tenant={} container={} user={}",
                opening.id(),
                caller.userName(),
                container.tenant(),
                container.id(),
                user);
        if (!running) {
            end(terminal, new ProblemException(ProblemKind.UNAVAILABLE, "the platform is ending; try again"));
        }
        return terminal;
    }

    /** Those whose shell has ended make room first. */
    private void requireRoom(Caller caller, ContainerEntry container) {
        UUID user = caller.userId();
        requireRoom(it -> it.opening().owner().equals(user), MOST_PER_USER, "you have");
        UUID tenant = container.tenantId();
        requireRoom(
                it -> it.opening().container().tenantId().equals(tenant),
                MOST_PER_TENANT,
                "tenant '" + container.tenant() + "' has");
        requireRoom(it -> true, MOST, "this platform has");
    }

    private void requireRoom(Predicate<Terminal> among, int most, String who) {
        List<Terminal> there = open.values().stream().filter(among).toList();
        if (there.size() < most) {
            return;
        }
        List<Terminal> over = there.stream().filter(Terminal::isOver).toList();
        over.forEach(this::forget);
        if (there.size() - over.size() >= most) {
            throw ProblemException.tooMany(
                    who + " " + most + " terminals open; close some and try again", Duration.ofSeconds(5));
        }
    }

    /** The caller's own. */
    Optional<Terminal> find(Caller caller, UUID id) {
        return Optional.ofNullable(open.get(id))
                .filter(terminal -> terminal.opening().owner().equals(caller.userId()));
    }

    /** The caller's own in that container, oldest first. */
    List<Terminal> list(Caller caller, ContainerEntry container) {
        return open.values().stream()
                .filter(it -> it.opening().owner().equals(caller.userId())
                        && it.opening().container().id().equals(container.id()))
                .sorted(Comparator.comparing(it -> it.opening().id()))
                .toList();
    }

    void end(Terminal terminal, ProblemException why) {
        LOG.info(
                "event=terminal-ended terminal={} why=\"{}\"",
                terminal.opening().id(),
                why.getMessage());
        terminal.end(why);
        forget(terminal);
    }

    void forget(Terminal terminal) {
        open.remove(terminal.opening().id());
        tickets.forget(terminal.opening().id());
    }

    @Scheduled(fixedRateString = "PT10S")
    void endAbandoned() {
        Instant before = clock.instant().minus(KEPT);
        for (Terminal terminal : open.values()) {
            Instant detachedAt = terminal.detachedAt();
            if (detachedAt != null && detachedAt.isBefore(before)) {
                end(
                        terminal,
                        new ProblemException(
                                ProblemKind.CONFLICT,
                                "no window showed the terminal for " + KEPT.toMinutes() + " minutes; open another"));
            }
        }
    }

    @Override
    public boolean holdsAnything() {
        return !open.isEmpty();
    }

    @Override
    public void accessChanged(@Nullable UUID user, @Nullable UUID tenant) {
        for (Terminal terminal : open.values()) {
            Terminal.Opening opening = terminal.opening();
            if ((user == null || user.equals(opening.owner()))
                    && (tenant == null || tenant.equals(opening.container().tenantId()))) {
                endUnlessAllowed(terminal);
            }
        }
    }

    private void endUnlessAllowed(Terminal terminal) {
        Terminal.Opening opening = terminal.opening();
        Optional<Caller> caller = opening.standing().holder();
        if (caller.isEmpty()) {
            end(terminal, new ProblemException(ProblemKind.NOT_SIGNED_IN, "the sign-in that opened it was ended"));
            return;
        }
        try {
            access.require(caller.get(), opening.container().tenantId(), Permission.WRITE);
        } catch (ProblemException e) {
            end(terminal, e);
        }
    }

    @Override
    public void start() {
        running = true;
    }

    /** Before the web server waits for its connections to end. */
    @Override
    public void stop() {
        running = false;
        open.values()
                .forEach(terminal ->
                        end(terminal, new ProblemException(ProblemKind.UNAVAILABLE, "the platform was restarted")));
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
