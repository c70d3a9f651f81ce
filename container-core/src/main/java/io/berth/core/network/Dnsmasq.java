// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.PollCalls.Interest;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Signal;
import io.berth.core.linux.SyscallException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one dnsmasq of an instance. It survives the agent, which picks it up again, and is started anew when it dies. */
final class Dnsmasq implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Dnsmasq.class);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration PAUSE =
            Duration.ofSeconds(1); // between two deaths, so that a broken one costs little

    private final DnsmasqSettings settings;
    private final Path configuration;
    private final Supplier<Set<String>> owners;
    private @Nullable Fd process;
    private @Nullable Fd wake;
    private @Nullable Thread supervisor;

    /** @param owners the Ethernet addresses of all containers that there are: at each start, the leases of others end */
    Dnsmasq(DnsmasqSettings settings, Path configuration, Supplier<Set<String>> owners) {
        this.settings = settings;
        this.configuration = configuration;
        this.owners = owners;
    }

    /** Sees to it that dnsmasq runs with these very settings, and goes on doing so. */
    synchronized void ensure() {
        Optional<Fd> running = find();
        boolean unchanged = read(configuration).equals(Optional.of(settings.text()));
        if (running.isPresent() && unchanged) {
            adopt(running.get());
        } else {
            running.ifPresent(Dnsmasq::stop);
            AtomicFile.write(configuration, settings.text(), "rw-------");
            start();
        }
        if (supervisor == null) {
            supervise();
        }
    }

    /** Makes it forget the containers whose file is gone; a new file it notices by itself. */
    synchronized void reload() {
        find().ifPresent(running -> {
            try (running) {
                ProcessCalls.pidfdSendSignal(running, Signal.SIGHUP);
            } catch (SyscallException e) {
                log.debug("dnsmasq has just ended, its successor reads everything anew, ignoring", e);
            }
        });
    }

    /** Lets an address go that a former owner may hold still. dnsmasq offers no other way than a restart without that lease. */
    synchronized void endForeignLease(String address, MacAddress owner) {
        Predicate<Lease> foreign = lease -> lease.address.equals(address) && !lease.mac.equals(owner.toString());
        if (leases().noneMatch(line -> Lease.of(line).filter(foreign).isPresent())) {
            return;
        }
        find().ifPresent(Dnsmasq::stop);
        endLeases(foreign);
        start();
    }

    /** A line of its file of leases: expiry, MAC, address, name, client id. */
    private record Lease(String mac, String address) {
        static Optional<Lease> of(String line) {
            String[] fields = line.split(" ", -1);
            return fields.length > 2 ? Optional.of(new Lease(fields[1], fields[2])) : Optional.empty();
        }
    }

    private Stream<String> leases() {
        return read(settings.leases()).stream().flatMap(String::lines);
    }

    /** While it does not run. */
    private void endLeases(Predicate<Lease> ended) {
        String kept = leases().filter(line -> Lease.of(line).filter(ended).isEmpty())
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        if (!read(settings.leases()).equals(Optional.of(kept))) {
            AtomicFile.write(settings.leases(), kept, "rw-------");
        }
    }

    /** Ends it for good. */
    void terminate() {
        close();
        synchronized (this) {
            find().ifPresent(Dnsmasq::stop);
        }
    }

    /** Ends the supervision only. */
    @Override
    public void close() {
        Thread watching;
        synchronized (this) {
            watching = supervisor;
            if (watching == null || wake == null) {
                return;
            }
            FileCalls.write(wake, new byte[] {1, 0, 0, 0, 0, 0, 0, 1}); // not 0 and not all ones in either byte order
        }
        join(watching);
        synchronized (this) {
            if (wake != null) {
                wake.close();
            }
            if (process != null) {
                process.close();
            }
            wake = null;
            process = null;
            supervisor = null;
        }
    }

    /** The dnsmasq that runs with our configuration file: a pid alone may have been given to another process. */
    private Optional<Fd> find() {
        Optional<Integer> pid = read(settings.pidFile()).map(String::strip).flatMap(Dnsmasq::number);
        if (pid.isEmpty()) {
            return Optional.empty();
        }
        Fd pidfd;
        try {
            pidfd = ProcessCalls.pidfdOpen(pid.get());
        } catch (SyscallException e) {
            return Optional.empty(); // ESRCH: it has ended
        }
        // read after the pidfd was opened: it is that process's, and empty for one that was not reaped yet
        String commandLine =
                read(Path.of("/proc", pid.get().toString(), "cmdline")).orElse("");
        if (commandLine.endsWith("\0" + argument() + "\0") && !PollCalls.awaitReadable(pidfd, Duration.ZERO)) {
            return Optional.of(pidfd);
        }
        pidfd.close();
        return Optional.empty();
    }

    /** It goes to the background by itself once it has its sockets; until then it complains on standard error. */
    private void start() {
        Set<String> known = owners.get();
        if (Files.exists(settings.leases())) {
            endLeases(lease -> !known.contains(lease.mac)); // or each new container's start could mean a restart
        }
        Tool.DNSMASQ.run("", List.of(argument()));
        adopt(find().orElseThrow(
                        () -> new NetworkException("dnsmasq ended right after its start; see the host's log")));
    }

    private void adopt(Fd pidfd) {
        if (process != null) {
            process.close();
        }
        process = pidfd;
    }

    private static void stop(Fd pidfd) {
        try (pidfd) {
            ProcessCalls.pidfdSendSignal(pidfd, Signal.SIGTERM);
            if (!PollCalls.awaitReadable(pidfd, GRACE)) {
                ProcessCalls.pidfdSendSignal(pidfd, Signal.SIGKILL);
                PollCalls.awaitReadable(pidfd, null);
            }
        } catch (SyscallException e) {
            log.debug("dnsmasq has ended by itself, ignoring", e);
        }
    }

    private void supervise() {
        Fd stop = FileCalls.eventfd(0);
        wake = stop;
        supervisor = Thread.ofPlatform().daemon().name("dnsmasq-supervisor").start(() -> {
            while (awaitDeath(stop)) {
                restart();
                if (PollCalls.awaitReadable(stop, PAUSE)) {
                    return;
                }
            }
        });
    }

    /** @return whether there is something to do; false at the end of the supervision */
    private boolean awaitDeath(Fd stop) {
        Fd watched;
        synchronized (this) {
            if (process == null) {
                return !PollCalls.awaitReadable(stop, Duration.ZERO);
            }
            watched = process.dup();
        }
        try (watched) {
            return PollCalls.ppoll(null, Interest.in(watched), Interest.in(stop))
                    .get(1)
                    .isEmpty();
        }
    }

    private synchronized void restart() {
        Optional<Fd> running = find();
        if (running.isPresent()) {
            adopt(running.get()); // somebody was faster
            return;
        }
        try {
            log.warn("event=dnsmasq-died bridge={}, starting it again", settings.bridge());
            start();
        } catch (RuntimeException e) {
            log.error("event=dnsmasq-failed bridge={}, trying again", settings.bridge(), e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String argument() {
        return "--conf-file=" + configuration;
    }

    private static Optional<Integer> number(String text) {
        try {
            return Optional.of(Integer.parseInt(text)).filter(pid -> pid > 0);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
