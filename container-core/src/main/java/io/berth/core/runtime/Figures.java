// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.cgroup.Usage;
import io.berth.core.linux.SyscallException;
import io.berth.core.notify.Supervision;
import io.berth.core.protocol.ContainerPassport;
import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.DenialReport;
import io.berth.core.protocol.Grant;
import io.berth.core.protocol.MeterReading;
import io.berth.core.protocol.PatchCoverage;
import io.berth.core.protocol.PatchStatus;
import io.berth.core.protocol.UsageStatus;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerState;
import io.berth.core.spec.NetworkMode;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What can be said of a container without waiting for verbs: one that asks during a start or a stop hears what holds just then. */
final class Figures {
    private static final Duration LAST_MOMENT = Duration.ofSeconds(1);

    private final Machine machine;
    private final Recorded recorded;
    private final Present present;
    private final ContainerFiles files;
    private final Consumer<MeterReading> lastReadings;
    private final Object counters = new Object();

    /** @param lastReadings gets what its counters say before they go */
    Figures(
            Machine machine,
            Recorded recorded,
            Present present,
            ContainerFiles files,
            Consumer<MeterReading> lastReadings) {
        this.machine = machine;
        this.recorded = recorded;
        this.present = present;
        this.files = files;
        this.lastReadings = lastReadings;
    }

    ContainerStatus status() {
        ContainerRecord now = recorded.now();
        Life running = present.life();
        return new ContainerStatus(
                now.id(),
                now.spec(),
                state(now, running),
                now.shouldRun(),
                now.uidBase(),
                running == null ? null : running.run.initPid(),
                running == null ? null : running.run.startedAt(),
                now.spec().network() == NetworkMode.NONE ? List.of() : addresses(now.id()),
                now.lastExit(),
                running == null ? null : SecurityLabel.of(running.run.initPid()).orElse(null),
                Quarantine.status(now.quarantine()));
    }

    private List<String> addresses(ContainerId id) {
        return machine.network()
                .endpoint(id)
                .map(endpoint -> Stream.of(endpoint.ipv4(), endpoint.ipv6())
                        .filter(Objects::nonNull)
                        .map(InetAddress::getHostAddress)
                        .toList())
                .orElse(List.of());
    }

    private ContainerState state(ContainerRecord now, @Nullable Life running) {
        if (!now.phase().isComplete()) {
            return ContainerState.BROKEN;
        }
        if (running == null) {
            return ContainerState.STOPPED;
        }
        return present.isFrozen() ? ContainerState.FROZEN : ContainerState.RUNNING;
    }

    /** Logins are covered from the patch on; init is if it began after that. */
    PatchCoverage coverage(PatchStatus patch) {
        Life running = present.life();
        Instant init = running != null && running.isPatched(patch) ? running.run.startedAt() : null;
        return new PatchCoverage(recorded.id(), init, patch.addedAt());
    }

    DenialReport denials() {
        Life running = present.life();
        Supervision supervision = running == null ? null : running.supervision();
        List<Grant> grants = machine.grants().of(recorded.id());
        return supervision == null
                ? new DenialReport(machine.clock().instant(), List.of(), List.of(), grants)
                : new DenialReport(supervision.since(), supervision.counts(), supervision.recent(), grants);
    }

    UsageStatus usage() {
        Life running = present.require();
        try {
            Usage usage = running.cgroup.usage();
            return new UsageStatus(
                    recorded.id(),
                    running.run.startedAt(),
                    usage.cpuMicros(),
                    usage.memoryBytes(),
                    usage.pids(),
                    files.disk());
        } catch (SyscallException | UncheckedIOException e) {
            throw present.hasEnded(running, LAST_MOMENT) ? present.stopped(e) : e; // its cgroup went while it was read
        }
    }

    Optional<UsageStatus> usageIfRunning() {
        try {
            return present.life() == null ? Optional.empty() : Optional.of(usage());
        } catch (ContainerException e) {
            return Optional.empty(); // it has just ended
        }
    }

    /** What its counters say now, or that it does not run. */
    MeterReading reading() {
        synchronized (counters) { // no reading is older than its counters: the next one would seem to go back
            Life running = present.life();
            Long diskBytes = files.disk().bytes();
            return running == null
                    ? Readings.idle(machine, recorded.now(), diskBytes)
                    : Readings.of(machine, recorded.now(), running, diskBytes);
        }
    }

    /** From here on it does not run. */
    void readLast(Life ended) {
        synchronized (counters) {
            lastReadings.accept(
                    Readings.of(machine, recorded.now(), ended, files.disk().bytes()));
            present.ends();
        }
    }

    ContainerPassport passport() {
        return Examination.of(recorded.now(), present.require(), machine);
    }
}
