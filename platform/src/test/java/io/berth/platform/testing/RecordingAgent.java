// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.testing;

import io.berth.core.client.Agent;
import io.berth.core.client.AgentException;
import io.berth.core.client.AttachedProcess;
import io.berth.core.linux.Fd;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.ContainerDisk;
import io.berth.core.protocol.ContainerPassport;
import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.Denial;
import io.berth.core.protocol.DenialReport;
import io.berth.core.protocol.DiskStatus;
import io.berth.core.protocol.Grant;
import io.berth.core.protocol.HostFigures;
import io.berth.core.protocol.HostFinding;
import io.berth.core.protocol.IdRangeStatus;
import io.berth.core.protocol.ImageStatus;
import io.berth.core.protocol.MeterReading;
import io.berth.core.protocol.MeterRound;
import io.berth.core.protocol.PassportLine;
import io.berth.core.protocol.PatchCoverage;
import io.berth.core.protocol.PatchStatus;
import io.berth.core.protocol.QuarantineStatus;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Reply;
import io.berth.core.protocol.Request;
import io.berth.core.protocol.RuleCount;
import io.berth.core.protocol.SnapshotStatus;
import io.berth.core.protocol.UsageStatus;
import io.berth.core.protocol.VolumeStatus;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.ContainerState;
import io.berth.core.spec.ImageAlias;
import io.berth.core.spec.ImageId;
import io.berth.core.spec.QuarantineReason;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.SnapshotName;
import io.berth.core.spec.VolumeId;
import io.berth.core.spec.VolumeSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The agent's process as its clients see it, kept in memory: verbs change states and are recorded, and each can be made to be
 * refused or to hang.
 */
public final class RecordingAgent implements Agent {
    /** The image that every fresh agent has. */
    public static final ImageId BOOKWORM = new ImageId("sha256:" + "ab".repeat(32));

    /** What a quarantine keeps. */
    public static final SnapshotId SNAPSHOT = SnapshotId.of("01a2141d-d652-7ae8-95c1-c50d14015dac");

    private static final UUID BOOT = UUID.randomUUID();
    private static final long FIRST_UID = 536_870_912L;

    private final Map<ContainerId, ContainerStatus> containers = new ConcurrentSkipListMap<>();
    private final List<ImageStatus> images = new CopyOnWriteArrayList<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<BlockingQueue<Optional<Reply>>> watchers = new CopyOnWriteArrayList<>();
    private final Map<Class<? extends Request>, AgentException> refusals = new ConcurrentHashMap<>();
    private final Map<Class<? extends Request>, CountDownLatch> holds = new ConcurrentHashMap<>();
    private final Map<ContainerId, List<PassportLine>> drifts = new ConcurrentHashMap<>();
    private final Map<ContainerId, UsageStatus> usages = new ConcurrentHashMap<>();
    private final Map<ContainerId, DenialReport> denials = new ConcurrentHashMap<>();
    private final Map<ContainerId, Map<String, Instant>> grants = new ConcurrentHashMap<>();
    private final Map<ContainerId, Map<SnapshotId, SnapshotStatus>> snapshots = new ConcurrentHashMap<>();
    private final Map<VolumeId, VolumeStatus> volumes = new ConcurrentSkipListMap<>();
    private final Map<String, PatchStatus> patches = new ConcurrentSkipListMap<>();
    private final List<EchoTerminal> terminals = new CopyOnWriteArrayList<>();
    private final long series = new Random().nextLong(1, 1L << 53);
    private long lastRound;
    private final ConcurrentSkipListMap<Long, MeterRound> rounds = new ConcurrentSkipListMap<>();
    private volatile boolean silent;
    private volatile long nextUid = FIRST_UID;

    public RecordingAgent() {
        images.add(image(BOOKWORM, new ImageAlias("debian/bookworm")));
    }

    /** What it was asked, oldest first; questions that change nothing are left out. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    public Map<ContainerId, ContainerStatus> containers() {
        return Map.copyOf(containers);
    }

    /** Refuses every request of the kind until {@link #accept}. */
    public void refuse(Class<? extends Request> kind, Refusal refusal, String message) {
        refusals.put(kind, new AgentException(refusal, message));
    }

    public void accept(Class<? extends Request> kind) {
        refusals.remove(kind);
    }

    /** Requests of the kind hang until the latch is counted down. */
    public CountDownLatch hold(Class<? extends Request> kind) {
        CountDownLatch latch = new CountDownLatch(1);
        holds.put(kind, latch);
        return latch;
    }

    /** What comes from now on hangs no more. */
    public void stopHolding(Class<? extends Request> kind) {
        holds.remove(kind);
    }

    /** Out of reach, as when the agent's process has ended; watches end. */
    public void setSilent(boolean silent) {
        this.silent = silent;
        if (silent) {
            watchers.forEach(watcher -> watcher.add(Optional.empty()));
        }
    }

    /** Hands out the first range again: a broken ledger. */
    public void forgetUids() {
        nextUid = FIRST_UID;
    }

    /** Hands out ranges that nobody has again. */
    public void skipUids() {
        nextUid = FIRST_UID + 65_536L * 10_000;
    }

    /** Something that happened without having been asked for, such as a poweroff inside. */
    public void report(ContainerStatus status) {
        containers.put(status.id(), status);
        tell(new Reply.Container(status));
    }

    public void lose(ContainerId id) {
        containers.remove(id);
        tell(new Reply.Removed(id));
    }

    public ContainerStatus status(ContainerId id) {
        ContainerStatus status = containers.get(id);
        if (status == null) {
            throw new AgentException(Refusal.NOT_FOUND, "there is no container " + id);
        }
        return status;
    }

    @Override
    public ContainerStatus container(Request request) {
        enter(request);
        ContainerStatus status = switch (request) {
            case Request.Create(var id, var spec) -> containers.computeIfAbsent(id, it -> fresh(it, spec));
            case Request.Start(var id) -> changed(status(id), ContainerState.RUNNING, true);
            case Request.Restart(var id, int grace) -> changed(status(id), ContainerState.RUNNING, true);
            case Request.Stop(var id, int grace) -> changed(status(id), ContainerState.STOPPED, false);
            case Request.Freeze(var id) -> changed(running(id), ContainerState.FROZEN, true);
            case Request.Thaw(var id) -> changed(status(id), ContainerState.RUNNING, true);
            case Request.Resize(var id, var limits) -> {
                ContainerSpec spec = status(id).spec();
                yield with(status(id), spec.with(limits));
            }
            case Request.ChangeDevices(var id, var devices) ->
                with(status(id), status(id).spec().with(devices));
            case Request.ChangeVolumes(var id, var volumes) ->
                with(status(id), status(id).spec().with(volumes));
            case Request.ChangeNetworkRules(var id, var rules) ->
                with(status(id), status(id).spec().with(rules));
            case Request.Quarantine(var id, var reason) -> quarantined(status(id), reason);
            case Request.Release(var id) -> changed(status(id), ContainerState.RUNNING, true);
            case Request.Restore(var id, var snapshot) -> status(id);
            case Request.Copy(var id, var spec, var source, var snapshot) ->
                containers.computeIfAbsent(id, it -> fresh(it, spec));
            case Request.Rename(var id, var name) ->
                with(status(id), status(id).spec().with(name));
            case Request.Inspect(var id) -> status(id);
            default -> throw new AgentException(Refusal.INVALID, "not answered by a container: " + request);
        };
        if (!(request instanceof Request.Inspect)) {
            report(status);
        }
        return status;
    }

    private static ContainerStatus quarantined(ContainerStatus before, QuarantineReason reason) {
        return new ContainerStatus(
                before.id(),
                before.spec(),
                ContainerState.FROZEN,
                before.shouldRun(),
                before.uidBase(),
                before.initPid(),
                before.startedAt(),
                before.addresses(),
                before.lastExit(),
                before.securityLabel(),
                new QuarantineStatus(reason, Instant.parse("2026-11-25T12:00:00Z"), SNAPSHOT, null));
    }

    /** Tells the watchers; a node that is asked its passport has the same. */
    public void drift(ContainerId id, List<PassportLine> lines) {
        drifts.put(id, List.copyOf(lines));
        tell(new Reply.Drift(id, Instant.now(), lines));
    }

    @Override
    public ContainerPassport passport(ContainerId id) {
        enter(new Request.Passport(id));
        ContainerSpec spec = running(id).spec();
        List<PassportLine> lines = new ArrayList<>(drifts.getOrDefault(id, List.of()));
        lines.add(new PassportLine("seccomp.mode", "2 (filter)", "2 (filter)", PassportLine.Verdict.OK, "a reason"));
        return new ContainerPassport(id, spec.name(), spec.tenant(), Instant.now(), 4242, lines);
    }

    @Override
    public List<SnapshotStatus> snapshots(ContainerId id) {
        enter(new Request.ListSnapshots(id));
        List<SnapshotStatus> kept = new ArrayList<>(
                snapshots.getOrDefault(id, new ConcurrentSkipListMap<>()).values());
        if (status(id).quarantine() != null) {
            kept.add(new SnapshotStatus(
                    SNAPSHOT, SnapshotName.at("quarantine", SNAPSHOT.takenAt()), SNAPSHOT.takenAt()));
        }
        return kept;
    }

    @Override
    public VolumeStatus volume(Request request) {
        enter(request);
        return switch (request) {
            case Request.CreateVolume(var id, var spec) -> kept(id, spec);
            case Request.ResizeVolume(var id, long bytes) -> {
                VolumeStatus present = volumes.get(id);
                if (present == null) {
                    throw new AgentException(Refusal.NOT_FOUND, "there is no volume " + id);
                }
                yield kept(id, present.spec().with(bytes));
            }
            default -> throw new AgentException(Refusal.INVALID, "not answered by a volume: " + request);
        };
    }

    private VolumeStatus kept(VolumeId id, VolumeSpec spec) {
        var status = new VolumeStatus(id, spec, new DiskStatus(16_384L, null, true), List.of());
        volumes.put(id, status);
        return status;
    }

    @Override
    public List<VolumeStatus> volumes() {
        enter(new Request.ListVolumes(null));
        return List.copyOf(volumes.values());
    }

    @Override
    public DiskStatus disk(ContainerId id) {
        enter(new Request.Disk(id));
        return new DiskStatus(8_192L, null, status(id).id().equals(id));
    }

    @Override
    public List<ContainerDisk> disks() {
        enter(new Request.ListDisks(null));
        return containers.keySet().stream()
                .map(id -> new ContainerDisk(id, new DiskStatus(8_192L, null, true)))
                .toList();
    }

    private ContainerStatus running(ContainerId id) {
        if (status(id).state() != ContainerState.RUNNING) {
            throw new AgentException(Refusal.CONFLICT, "container " + id + " is stopped; start it first");
        }
        return status(id);
    }

    private synchronized ContainerStatus fresh(ContainerId id, ContainerSpec spec) {
        long uids = nextUid;
        nextUid += 65_536;
        return new ContainerStatus(
                id, spec, ContainerState.STOPPED, false, uids, null, null, List.of(), null, null, null);
    }

    private static ContainerStatus changed(ContainerStatus before, ContainerState state, boolean shouldRun) {
        boolean runs = state == ContainerState.RUNNING;
        return new ContainerStatus(
                before.id(),
                before.spec(),
                state,
                shouldRun,
                before.uidBase(),
                runs ? 4242 : null,
                runs ? Instant.now() : null,
                runs ? List.of("10.181.0.7") : List.of(),
                runs ? before.lastExit() : "exit 0",
                null,
                null);
    }

    private static ContainerStatus with(ContainerStatus before, ContainerSpec spec) {
        return new ContainerStatus(
                before.id(),
                spec,
                before.state(),
                before.shouldRun(),
                before.uidBase(),
                before.initPid(),
                before.startedAt(),
                before.addresses(),
                before.lastExit(),
                before.securityLabel(),
                before.quarantine());
    }

    @Override
    public List<ContainerStatus> list() {
        enter(new Request.ListContainers(null));
        return List.copyOf(containers.values());
    }

    @Override
    public void delete(ContainerId id) {
        enter(new Request.Delete(id));
        lose(id);
    }

    @Override
    public List<IdRangeStatus> idRanges() {
        enter(new Request.ListIdRanges(0));
        return containers.values().stream()
                .map(status -> new IdRangeStatus(
                        status.uidBase(),
                        65_536,
                        IdRangeStatus.State.OWNED,
                        status.id(),
                        Instant.EPOCH,
                        null,
                        List.of("process 7 has ids of it: end it")))
                .sorted(Comparator.comparingLong(IdRangeStatus::start))
                .toList();
    }

    @Override
    public List<ImageStatus> images() {
        enter(new Request.ListImages());
        return List.copyOf(images);
    }

    @Override
    public ImageStatus buildImage(ImageAlias alias, Consumer<String> progress) {
        progress.accept("retrieving base-files");
        enter(new Request.BuildImage(alias));
        progress.accept("unpacking base-files");
        ImageStatus built = image(new ImageId("sha256:" + "cd".repeat(32)), alias);
        images.add(built);
        return built;
    }

    @Override
    public ImageStatus importImage(ImageAlias alias, String from, List<Fd> archives, Consumer<String> progress) {
        enter(new Request.ImportImage(alias, from));
        ImageStatus brought = image(new ImageId("sha256:" + "ce".repeat(32)), alias);
        images.add(brought);
        return brought;
    }

    private static ImageStatus image(ImageId id, ImageAlias alias) {
        return new ImageStatus(id, alias, "amd64", 300L << 20, Instant.parse("2026-11-23T12:00:00Z"), null, true);
    }

    /** What a container's rules say no to from now on. */
    public void deny(ContainerId id, Denial denial, String reason) {
        denials.put(
                id,
                new DenialReport(
                        Instant.EPOCH,
                        List.of(new RuleCount(denial.rule(), denial.times(), reason)),
                        List.of(denial),
                        List.of()));
    }

    @Override
    public DenialReport denials(ContainerId id) {
        enter(new Request.Denials(id));
        DenialReport report =
                denials.getOrDefault(id, new DenialReport(Instant.EPOCH, List.of(), List.of(), List.of()));
        return new DenialReport(
                report.since(),
                report.counts(),
                report.recent(),
                grants.getOrDefault(id, Map.of()).entrySet().stream()
                        .filter(grant -> grant.getValue().isAfter(Instant.now()))
                        .map(grant -> new Grant(grant.getKey(), grant.getValue()))
                        .toList());
    }

    /** An exception that root on the node has granted. */
    public void grant(ContainerId id, String rule, Instant until) {
        grants.computeIfAbsent(id, _ -> new ConcurrentSkipListMap<>()).put(rule, until);
    }

    /** A node that was made anew. */
    public void forgetPolicyChanges() {
        grants.clear();
        patches.clear();
    }

    @Override
    public List<PatchStatus> patches() {
        enter(new Request.ListPatches());
        return List.copyOf(patches.values());
    }

    @Override
    public List<PatchCoverage> coverage(Request request) {
        enter(request);
        String call = switch (request) {
            case Request.AddPatch(String added) -> added;
            case Request.ShowPatch(String shown) -> shown;
            default -> throw new AgentException(Refusal.INVALID, "not answered by a coverage: " + request);
        };
        PatchStatus patch = patches.computeIfAbsent(call, it -> new PatchStatus(it, Instant.now()));
        return containers.keySet().stream()
                .map(id -> new PatchCoverage(id, null, patch.addedAt()))
                .toList();
    }

    /** A container that takes a lot. */
    public void use(UsageStatus usage) {
        usages.put(usage.id(), usage);
    }

    @Override
    public UsageStatus usage(ContainerId id) {
        enter(new Request.Usage(id));
        return usages.getOrDefault(running(id).id(), new UsageStatus(id, Instant.EPOCH, 1_000, 4_096, 1));
    }

    @Override
    public List<UsageStatus> usages() {
        return containers.values().stream()
                .filter(status -> status.state() == ContainerState.RUNNING)
                .map(status -> usage(status.id()))
                .toList();
    }

    /** A round of the node's meter: these readings, under the next number. */
    public synchronized MeterRound meter(Instant at, List<MeterReading> readings) {
        long number = ++lastRound;
        MeterRound round = new MeterRound(series, number, at, BOOT, readings);
        rounds.put(number, round);
        return round;
    }

    /** What it would have kept no more. */
    public void forgetRound(long number) {
        rounds.remove(number);
    }

    @Override
    public Optional<MeterRound> metered(long asked, long number) {
        enter(new Request.Metered(asked, number, 0));
        return Optional.ofNullable(rounds.ceilingEntry(series == asked ? number : 1))
                .map(Map.Entry::getValue);
    }

    @Override
    public HostFigures host() {
        enter(new Request.DescribeHost());
        return new HostFigures(2, 4L << 30, 3L << 30, 20L << 30, 10L << 30);
    }

    @Override
    public List<HostFinding> findings() {
        enter(new Request.ExamineHost());
        return List.of(
                new HostFinding("root", HostFinding.State.OK, "yes", null),
                new HostFinding("program nft", HostFinding.State.MISSING, "not there", "apt-get install nftables"));
    }

    @Override
    public String text(Request request) {
        enter(request);
        return "Welcome to Debian\n";
    }

    @Override
    public void done(Request request) {
        enter(request);
        switch (request) {
            case Request.Grant(var id, String rule, var until) -> grant(id, rule, until);
            case Request.Revoke(var id, String rule) ->
                grants.getOrDefault(id, new ConcurrentSkipListMap<>()).remove(rule);
            case Request.RemovePatch(String call) -> patches.remove(call);
            case Request.TakeSnapshot(var id, var snapshot, var name) ->
                snapshots
                        .computeIfAbsent(id, _ -> new ConcurrentSkipListMap<>())
                        .put(snapshot, new SnapshotStatus(snapshot, name, snapshot.takenAt()));
            case Request.DeleteSnapshot(var id, var snapshot) ->
                snapshots.getOrDefault(id, new ConcurrentSkipListMap<>()).remove(snapshot);
            case Request.DeleteVolume(var id) -> volumes.remove(id);
            default -> {}
        }
    }

    @Override
    public void watch(Consumer<Reply> events) {
        enter(new Request.Watch());
        BlockingQueue<Optional<Reply>> queue = new LinkedBlockingQueue<>();
        List<ContainerStatus> present;
        synchronized (this) {
            watchers.add(queue);
            present = new ArrayList<>(containers.values());
        }
        try {
            present.forEach(status -> events.accept(new Reply.Container(status)));
            events.accept(new Reply.Done());
            while (true) {
                events.accept(queue.take().orElseThrow(RecordingAgent::gone));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            watchers.remove(queue);
        }
    }

    private synchronized void tell(Reply reply) {
        watchers.forEach(watcher -> watcher.add(Optional.of(reply)));
    }

    @Override
    public AttachedProcess attach(String ticket, AttachRequest request) {
        enter(new Request.Attach(ticket, request));
        var terminal = new EchoTerminal(request);
        terminals.add(terminal);
        return terminal;
    }

    /** Those that were begun, oldest first. */
    public List<EchoTerminal> terminals() {
        return List.copyOf(terminals);
    }

    @Override
    public AttachedProcess attachAsRoot(ContainerId id, AttachRequest request) {
        throw new AgentException(Refusal.FORBIDDEN, "the platform may not attach");
    }

    private void enter(Request request) {
        if (silent) {
            throw gone();
        }
        if (changesSomething(request)) {
            requests.add(request);
        }
        @Nullable CountDownLatch hold = holds.get(request.getClass());
        if (hold != null) {
            await(hold);
        }
        @Nullable AgentException refusal = refusals.get(request.getClass());
        if (refusal != null) {
            throw new AgentException(refusal.refusal(), String.valueOf(refusal.getMessage()));
        }
    }

    private static boolean changesSomething(Request request) {
        return !(request instanceof Request.ListImages
                || request instanceof Request.Watch
                || request instanceof Request.Ping
                || request instanceof Request.ListContainers
                || request instanceof Request.ListIdRanges
                || request instanceof Request.Inspect
                || request instanceof Request.Passport
                || request instanceof Request.ListSnapshots
                || request instanceof Request.ListVolumes
                || request instanceof Request.Denials
                || request instanceof Request.Usage
                || request instanceof Request.Disk
                || request instanceof Request.ListDisks
                || request instanceof Request.DescribeHost
                || request instanceof Request.ExamineHost
                || request instanceof Request.Metered
                || request instanceof Request.ListPatches
                || request instanceof Request.ShowPatch);
    }

    private static void await(CountDownLatch hold) {
        try {
            hold.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw gone();
        }
    }

    private static AgentException gone() {
        return new AgentException(Refusal.FAILED, "the node agent does not answer; start it with ./berth up");
    }
}
