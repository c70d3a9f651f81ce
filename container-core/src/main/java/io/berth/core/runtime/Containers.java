// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static io.berth.core.runtime.Failures.told;

import io.berth.core.image.Image;
import io.berth.core.linux.Fd;
import io.berth.core.process.ConsoleRing;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.ContainerDisk;
import io.berth.core.protocol.ContainerPassport;
import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.DenialReport;
import io.berth.core.protocol.Endpoint;
import io.berth.core.protocol.IdRangeStatus;
import io.berth.core.protocol.ImageStatus;
import io.berth.core.protocol.MeterRound;
import io.berth.core.protocol.PatchCoverage;
import io.berth.core.protocol.PatchStatus;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Reply;
import io.berth.core.protocol.SnapshotStatus;
import io.berth.core.protocol.UsageStatus;
import io.berth.core.protocol.VolumeStatus;
import io.berth.core.spec.AdmittedSpec;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.Devices;
import io.berth.core.spec.GuestUser;
import io.berth.core.spec.ImageAlias;
import io.berth.core.spec.ImageId;
import io.berth.core.spec.Limits;
import io.berth.core.spec.NetworkRules;
import io.berth.core.spec.QuarantineReason;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.SnapshotName;
import io.berth.core.spec.VolumeId;
import io.berth.core.spec.VolumeMount;
import io.berth.core.spec.VolumeSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The containers of this machine. */
public final class Containers implements Node {
    private static final Logger LOG = LoggerFactory.getLogger(Containers.class);

    private static final int REFRESHED_AT_ONCE = 8;

    private final Machine machine;
    private final ContainerRecords records;
    private final Ids ids;
    private final PolicyChanges policyChanges;
    private final Events events = new Events();
    private final ConcurrentSkipListMap<ContainerId, Container> containers = new ConcurrentSkipListMap<>();
    private final DriftWatch drift;
    private final Meter meter;

    Containers(Machine machine, ContainerRecords records, Ids ids) {
        this.machine = machine;
        this.records = records;
        this.ids = ids;
        this.policyChanges = new PolicyChanges(machine);
        this.meter =
                new Meter(containers::values, machine.settings().stateDir().resolve("agent/meter"), machine.clock());
        this.drift = new DriftWatch(containers::values, machine.settings(), events::tell, machine.clock());
    }

    /**
     * Prepares the host, takes up the containers that run, finishes or clears what an earlier agent left half-done, and starts
     * those that should run.
     *
     * @throws RuntimeException when the host lacks something; the message says what, and the cure
     */
    public static Containers open(RuntimeSettings settings) {
        return Opening.open(settings);
    }

    Ids ids() {
        return ids;
    }

    /** Adopts a container that has a record. */
    Container adopt(ContainerRecord record) {
        ids.claim(record);
        claimPorts(record);
        return enlist(record);
    }

    /** Two records that name one port would be a defect of ours; it is not to keep a node from having an agent. */
    private void claimPorts(ContainerRecord record) {
        try {
            machine.ports().claim(record.id(), record.spec().networkRules().ports());
        } catch (ContainerException e) {
            LOG.error("event=ports-claimed-twice container={} error=\"{}\"", record.id(), e.getMessage());
        }
    }

    private Container enlist(ContainerRecord record) {
        Container container = new Container(machine, records, ids, events::tell, meter::ended, record);
        containers.put(record.id(), container);
        return container;
    }

    @Override
    public ContainerStatus create(ContainerId id, ContainerSpec spec) {
        Container container = registered(id, spec);
        return told(() -> made(container, container::finishCreating));
    }

    private Container registered(ContainerId id, ContainerSpec spec) {
        try (Volumes.Use _ = machine.volumes().use(spec.volumes())) {
            return enlisted(id, spec);
        }
    }

    private Container enlisted(ContainerId id, ContainerSpec spec) {
        synchronized (containers) {
            Container existing = containers.get(id);
            return existing != null ? same(existing, spec) : enlist(register(id, spec));
        }
    }

    private ContainerStatus made(Container container, Supplier<ContainerStatus> files) {
        try {
            return files.get();
        } catch (RuntimeException e) {
            delete(container.id());
            throw e;
        }
    }

    private static Container same(Container existing, ContainerSpec spec) {
        if (!existing.record().spec().equals(spec)) {
            throw new ContainerException(
                    Refusal.CONFLICT, "container " + existing.id() + " exists with another spec; choose another id");
        }
        return existing;
    }

    private ContainerRecord register(ContainerId id, ContainerSpec spec) {
        AdmittedSpec admitted = machine.gate().admit(spec);
        machine.ports().claim(id, spec.networkRules().ports());
        try {
            return register(ContainerRecord.fresh(id, admitted, ids.allocate(id)));
        } catch (RuntimeException e) {
            machine.ports().release(id);
            throw e;
        }
    }

    private ContainerRecord register(ContainerRecord record) {
        try {
            records.note(record); // a power cut now leaves storage without a record, which the next start clears
            return record;
        } catch (RuntimeException e) {
            ids.release(record);
            throw e;
        }
    }

    @Override
    public ContainerStatus copy(ContainerId id, ContainerSpec spec, ContainerId source, @Nullable SnapshotId snapshot) {
        Container original = require(source);
        requireSuits(spec, original.record().spec());
        Container container = registered(id, spec);
        return told(() -> made(container, () -> container.finishCopying(original, snapshot)));
    }

    /** A copy is of the same tenant: files are nobody else's to have. Its image is what an overlay lies on. */
    private static void requireSuits(ContainerSpec spec, ContainerSpec source) {
        if (!spec.tenant().equals(source.tenant())) {
            throw new ContainerException(
                    Refusal.INVALID, "tenant: '" + spec.tenant() + "' does not own the container that is to be copied");
        }
        if (!spec.image().equals(source.image())) {
            throw new ContainerException(Refusal.INVALID, "image: a copy's is its source's, " + source.image());
        }
    }

    @Override
    public ContainerStatus rename(ContainerId id, ContainerName name) {
        return told(() -> require(id).rename(name));
    }

    @Override
    public ContainerStatus start(ContainerId id) {
        return told(() -> require(id).start());
    }

    @Override
    public ContainerStatus stop(ContainerId id, Duration grace) {
        return told(() -> require(id).stop(grace, true));
    }

    @Override
    public ContainerStatus restart(ContainerId id, Duration grace) {
        Container container = require(id);
        return told(() -> {
            container.stop(grace, false);
            return container.start();
        });
    }

    @Override
    public ContainerStatus freeze(ContainerId id) {
        return told(() -> require(id).freeze());
    }

    @Override
    public ContainerStatus thaw(ContainerId id) {
        return told(() -> require(id).thaw());
    }

    @Override
    public ContainerStatus resize(ContainerId id, Limits limits) {
        return told(() -> require(id).resize(limits));
    }

    @Override
    public ContainerStatus changeDevices(ContainerId id, Devices devices) {
        return told(() -> require(id).changeDevices(devices));
    }

    @Override
    public ContainerStatus changeVolumes(ContainerId id, List<VolumeMount> volumes) {
        return told(() -> require(id).changeVolumes(volumes));
    }

    @Override
    public ContainerStatus changeNetworkRules(ContainerId id, NetworkRules rules) {
        return told(() -> require(id).changeNetworkRules(rules));
    }

    @Override
    public VolumeStatus createVolume(VolumeId id, VolumeSpec spec) {
        return told(() -> machine.volumes().status(machine.volumes().create(id, spec), this::having));
    }

    @Override
    public VolumeStatus resizeVolume(VolumeId id, long diskBytes) {
        return told(() -> machine.volumes().status(machine.volumes().resize(id, diskBytes), this::having));
    }

    @Override
    public void deleteVolume(VolumeId id) {
        told(() -> {
            machine.volumes().delete(id, this::having);
            return id;
        });
    }

    @Override
    public List<VolumeStatus> volumes() {
        return told(() -> machine.volumes().list(this::having));
    }

    private List<ContainerId> having(VolumeId id) {
        return containers.values().stream()
                .filter(container -> container.record().spec().volumes().stream()
                        .anyMatch(mount -> mount.volume().equals(id)))
                .map(Container::id)
                .toList();
    }

    @Override
    public void delete(ContainerId id) {
        Container container = containers.get(id);
        if (container != null) {
            container.beginDeleting();
            finishDeleting(container);
        }
    }

    void finishDeleting(Container container) {
        try {
            container.finishDeleting();
            containers.remove(container.id(), container);
        } catch (IOException e) {
            throw new UncheckedIOException("deleting container " + container.id(), e);
        }
    }

    @Override
    public ContainerStatus inspect(ContainerId id) {
        return require(id).figures().status();
    }

    @Override
    public List<ContainerStatus> list() {
        return containers.values().stream()
                .map(container -> container.figures().status())
                .toList();
    }

    @Override
    public List<IdRangeStatus> idRanges() {
        return ids.ranges();
    }

    @Override
    public String consoleLog(ContainerId id, int maxBytes) {
        try {
            byte[] newest = ConsoleRing.read(machine.consoleFile(require(id).id()), maxBytes);
            return new String(newest, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException("reading the console log of " + id, e);
        }
    }

    @Override
    public String describeBirth(ContainerId id) {
        return require(id).describeBirth();
    }

    @Override
    public DenialReport denials(ContainerId id) {
        return require(id).figures().denials();
    }

    @Override
    public void grant(ContainerId id, String rule, Instant until) {
        require(id);
        policyChanges.grant(id, rule, until);
    }

    @Override
    public void revoke(ContainerId id, String rule) {
        require(id);
        machine.grants().revoke(id, rule);
    }

    @Override
    public PatchStatus addPatch(String call) {
        return policyChanges.addPatch(call);
    }

    @Override
    public void removePatch(String call) {
        machine.removePatch(call);
    }

    @Override
    public List<PatchStatus> patches() {
        return machine.patches().list();
    }

    @Override
    public List<PatchCoverage> coverage(PatchStatus patch) {
        return containers.values().stream()
                .map(container -> container.figures().coverage(patch))
                .toList();
    }

    @Override
    public ContainerPassport passport(ContainerId id) {
        Container container = require(id);
        ContainerPassport passport = told(container.figures()::passport);
        drift.note(container, passport);
        return passport;
    }

    @Override
    public UsageStatus usage(ContainerId id) {
        return told(() -> require(id).figures().usage());
    }

    @Override
    public List<UsageStatus> usages() {
        return containers.values().stream()
                .flatMap(container -> container.figures().usageIfRunning().stream())
                .toList();
    }

    @Override
    public ContainerDisk disk(ContainerId id) {
        return new ContainerDisk(id, told(require(id).files()::disk));
    }

    @Override
    public List<ContainerDisk> disks() {
        return containers.values().stream()
                .map(container ->
                        new ContainerDisk(container.id(), container.files().disk()))
                .toList();
    }

    @Override
    public Optional<MeterRound> metered(long series, long number) {
        return meter.from(series, number);
    }

    /** Begins to read counters each minute. */
    void startMeter() {
        meter.start();
    }

    Meter meter() {
        return meter;
    }

    @Override
    public List<Reply.Drift> drifts() {
        return drift.known();
    }

    /** Begins to look at containers again and again. */
    void watchDrift() {
        drift.start();
    }

    DriftWatch drift() {
        return drift;
    }

    @Override
    public ContainerStatus quarantine(ContainerId id, QuarantineReason reason) {
        return told(() -> require(id).quarantine(reason));
    }

    @Override
    public ContainerStatus release(ContainerId id) {
        return told(() -> require(id).endQuarantine());
    }

    @Override
    public List<SnapshotStatus> snapshots(ContainerId id) {
        return require(id).files().snapshots();
    }

    @Override
    public void takeSnapshot(ContainerId id, SnapshotId snapshot, SnapshotName name) {
        told(() -> {
            require(id).takeSnapshot(snapshot, name);
            return id;
        });
    }

    @Override
    public void deleteSnapshot(ContainerId id, SnapshotId snapshot) {
        told(() -> {
            require(id).deleteSnapshot(snapshot);
            return id;
        });
    }

    @Override
    public ContainerStatus restore(ContainerId id, SnapshotId snapshot) {
        return told(() -> require(id).restore(snapshot));
    }

    /** For a new lxcfs. Some at once, as a tenant's file system that does not answer is to hold few others up. */
    void refreshViews() {
        Queue<Container> left = new ConcurrentLinkedQueue<>(containers.values());
        for (int i = 0; i < REFRESHED_AT_ONCE; i++) {
            machine.later(() ->
                    Stream.generate(left::poll).takeWhile(Objects::nonNull).forEach(Container::refreshViews));
        }
    }

    @Override
    public Attachment attach(ContainerId id, AttachRequest request) {
        return told(() -> require(id).ways().attach(request));
    }

    @Override
    public Fd connect(ContainerId id, GuestUser user, Endpoint to) {
        return told(() -> require(id).ways().connect(user, to));
    }

    @Override
    public Listener listen(ContainerId id, GuestUser user, Endpoint at) {
        return told(() -> require(id).ways().listen(user, at));
    }

    private Container require(ContainerId id) {
        Container container = containers.get(id);
        if (container == null) {
            throw new ContainerException(Refusal.NOT_FOUND, "no container " + id + " on this node");
        }
        return container;
    }

    @Override
    public List<ImageStatus> images() {
        return machine.images().list().stream().map(Containers::status).toList();
    }

    @Override
    public ImageStatus buildImage(ImageAlias alias, Consumer<String> progress) {
        return told(() -> status(machine.images().build(alias, progress)));
    }

    @Override
    public ImageStatus importImage(ImageAlias alias, String from, List<Fd> archives, Consumer<String> progress) {
        return told(() -> status(machine.images().bring(alias, archives, from, progress)));
    }

    private static ImageStatus status(Image image) {
        return new ImageStatus(
                image.id(),
                image.alias(),
                image.architecture(),
                image.sizeBytes(),
                image.builtAt(),
                image.origin(),
                image.current());
    }

    @Override
    public void deleteImage(ImageId id) {
        told(() -> {
            synchronized (containers) { // no container may be registered with it meanwhile
                machine.images().delete(id, imagesInUse());
            }
            return id;
        });
    }

    private Set<ImageId> imagesInUse() {
        return containers.values().stream()
                .map(container -> container.record().spec().image())
                .collect(Collectors.toSet());
    }

    @Override
    public AutoCloseable subscribe(Consumer<Reply> listener) {
        return events.subscribe(listener);
    }

    @Override
    public void shutdown(Duration grace) {
        stopAll(grace);
        machine.network().release();
        machine.releaseSpare();
        machine.lxcfs().terminate();
        machine.cgroups().release();
        machine.storage().release();
        close();
    }

    /** Each on a thread of its own, as each may take its whole grace; one that fails keeps no other from ending. */
    private void stopAll(Duration grace) {
        List<CompletableFuture<Void>> stops = containers.values().stream()
                .map(container -> machine.soon(() -> container.stopForShutdown(grace)))
                .toList();
        CompletableFuture.allOf(stops.toArray(CompletableFuture[]::new))
                .exceptionally(e -> {
                    LOG.error("event=stop-failed, ignoring", e);
                    return null;
                })
                .join();
    }

    @Override
    public void close() {
        meter.close();
        drift.close();
        machine.close();
        machine.network().close();
        containers.values().forEach(Container::release);
        events.close();
    }
}
