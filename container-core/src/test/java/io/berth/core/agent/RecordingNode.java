// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import io.berth.core.linux.Fd;
import io.berth.core.linux.SocketCalls;
import io.berth.core.linux.SocketConstant;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.ContainerDisk;
import io.berth.core.protocol.ContainerPassport;
import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.DenialReport;
import io.berth.core.protocol.DiskStatus;
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
import io.berth.core.runtime.Attachment;
import io.berth.core.runtime.ContainerException;
import io.berth.core.runtime.Listener;
import io.berth.core.runtime.Node;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.ContainerState;
import io.berth.core.spec.Devices;
import io.berth.core.spec.GuestUser;
import io.berth.core.spec.ImageAlias;
import io.berth.core.spec.ImageId;
import io.berth.core.spec.ImageOrigin;
import io.berth.core.spec.Limits;
import io.berth.core.spec.NetworkRules;
import io.berth.core.spec.QuarantineReason;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.SnapshotName;
import io.berth.core.spec.VolumeId;
import io.berth.core.spec.VolumeMount;
import io.berth.core.spec.VolumeSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node without a kernel behind its containers: it remembers what it was asked. Attached processes are real ones of the host. */
public final class RecordingNode implements Node {
    /** Every verb, in order, such as {@code start <id>}. */
    public final List<String> asked = new CopyOnWriteArrayList<>();

    final NavigableMap<ContainerId, ContainerStatus> containers = new ConcurrentSkipListMap<>();
    final List<Consumer<Reply>> listeners = new CopyOnWriteArrayList<>();
    final List<Attachment> attachments = new CopyOnWriteArrayList<>();
    final List<Reply.Drift> drifts = new CopyOnWriteArrayList<>();
    public volatile String console = "";
    public volatile List<IdRangeStatus> ids = List.of();

    @Override
    public ContainerStatus create(ContainerId id, ContainerSpec spec) {
        asked.add("create " + id);
        return put(new ContainerStatus(
                id, spec, ContainerState.STOPPED, false, 536_870_912L, null, null, List.of(), null, null, null));
    }

    private ContainerStatus put(ContainerStatus status) {
        containers.put(status.id(), status);
        listeners.forEach(listener -> listener.accept(new Reply.Container(status)));
        return status;
    }

    private ContainerStatus to(String verb, ContainerId id, ContainerState state) {
        asked.add(verb + " " + id);
        ContainerStatus was = find(id);
        return put(new ContainerStatus(
                id,
                was.spec(),
                state,
                state == ContainerState.RUNNING,
                was.uidBase(),
                null,
                null,
                List.of(),
                null,
                null,
                null));
    }

    private ContainerStatus find(ContainerId id) {
        ContainerStatus status = containers.get(id);
        if (status == null) {
            throw new ContainerException(Refusal.NOT_FOUND, "there is no container " + id);
        }
        return status;
    }

    @Override
    public ContainerStatus start(ContainerId id) {
        return to("start", id, ContainerState.RUNNING);
    }

    @Override
    public ContainerStatus stop(ContainerId id, Duration grace) {
        return to("stop " + grace, id, ContainerState.STOPPED);
    }

    @Override
    public ContainerStatus restart(ContainerId id, Duration grace) {
        return to("restart " + grace, id, ContainerState.RUNNING);
    }

    @Override
    public ContainerStatus freeze(ContainerId id) {
        return to("freeze", id, ContainerState.FROZEN);
    }

    @Override
    public ContainerStatus thaw(ContainerId id) {
        return to("thaw", id, ContainerState.RUNNING);
    }

    @Override
    public ContainerStatus resize(ContainerId id, Limits limits) {
        asked.add("resize " + id);
        return find(id);
    }

    @Override
    public ContainerStatus changeDevices(ContainerId id, Devices devices) {
        asked.add("change-devices " + id);
        return find(id);
    }

    @Override
    public ContainerStatus changeVolumes(ContainerId id, List<VolumeMount> volumes) {
        asked.add("change-volumes " + id);
        return find(id);
    }

    @Override
    public ContainerStatus changeNetworkRules(ContainerId id, NetworkRules rules) {
        asked.add("change-network-rules " + id);
        return find(id);
    }

    @Override
    public VolumeStatus createVolume(VolumeId id, VolumeSpec spec) {
        asked.add("create-volume " + id);
        return new VolumeStatus(id, spec, DiskStatus.UNKNOWN, List.of());
    }

    @Override
    public VolumeStatus resizeVolume(VolumeId id, long diskBytes) {
        asked.add("resize-volume " + id);
        return new VolumeStatus(id, Samples.VOLUME_SPEC.with(diskBytes), DiskStatus.UNKNOWN, List.of());
    }

    @Override
    public void deleteVolume(VolumeId id) {
        asked.add("delete-volume " + id);
    }

    @Override
    public List<VolumeStatus> volumes() {
        asked.add("volumes");
        return List.of(new VolumeStatus(Samples.VOLUME, Samples.VOLUME_SPEC, DiskStatus.UNKNOWN, List.of(Samples.ID)));
    }

    @Override
    public void delete(ContainerId id) {
        asked.add("delete " + id);
        if (containers.remove(id) != null) {
            listeners.forEach(listener -> listener.accept(new Reply.Removed(id)));
        }
    }

    @Override
    public ContainerStatus inspect(ContainerId id) {
        asked.add("inspect " + id);
        return find(id);
    }

    @Override
    public List<ContainerStatus> list() {
        return List.copyOf(containers.values());
    }

    @Override
    public List<IdRangeStatus> idRanges() {
        asked.add("ids");
        return ids;
    }

    @Override
    public UsageStatus usage(ContainerId id) {
        asked.add("usage " + id);
        return new UsageStatus(find(id).id(), Instant.EPOCH, 1, 2, 3);
    }

    @Override
    public List<UsageStatus> usages() {
        asked.add("usages");
        return containers.keySet().stream()
                .map(id -> new UsageStatus(id, Instant.EPOCH, 1, 2, 3))
                .toList();
    }

    @Override
    public ContainerDisk disk(ContainerId id) {
        asked.add("disk " + id);
        return new ContainerDisk(find(id).id(), new DiskStatus(4L, null, true));
    }

    @Override
    public List<ContainerDisk> disks() {
        asked.add("disks");
        return containers.keySet().stream()
                .map(id -> new ContainerDisk(id, DiskStatus.UNKNOWN))
                .toList();
    }

    @Override
    public Optional<MeterRound> metered(long series, long number) {
        asked.add("metered " + number);
        return Optional.empty();
    }

    @Override
    public String consoleLog(ContainerId id, int maxBytes) {
        asked.add("console " + id);
        return console;
    }

    @Override
    public String describeBirth(ContainerId id) {
        asked.add("plan " + id);
        return console;
    }

    @Override
    public DenialReport denials(ContainerId id) {
        asked.add("denials " + id);
        return new DenialReport(Instant.EPOCH, List.of(), List.of(), List.of());
    }

    @Override
    public void grant(ContainerId id, String rule, Instant until) {
        asked.add("grant " + rule + " " + until + " " + id);
    }

    @Override
    public void revoke(ContainerId id, String rule) {
        asked.add("revoke " + rule + " " + id);
    }

    @Override
    public PatchStatus addPatch(String call) {
        asked.add("patch " + call);
        return new PatchStatus(call, Instant.EPOCH);
    }

    @Override
    public void removePatch(String call) {
        asked.add("unpatch " + call);
    }

    @Override
    public List<PatchStatus> patches() {
        asked.add("patches");
        return List.of(new PatchStatus("vmsplice", Instant.EPOCH));
    }

    @Override
    public List<PatchCoverage> coverage(PatchStatus patch) {
        return containers.keySet().stream()
                .map(id -> new PatchCoverage(id, null, patch.addedAt()))
                .toList();
    }

    @Override
    public ContainerPassport passport(ContainerId id) {
        asked.add("passport " + id);
        ContainerSpec spec = find(id).spec();
        return new ContainerPassport(id, spec.name(), spec.tenant(), Instant.EPOCH, 4242, List.of(Samples.LINE));
    }

    @Override
    public List<Reply.Drift> drifts() {
        return List.copyOf(drifts);
    }

    @Override
    public ContainerStatus quarantine(ContainerId id, QuarantineReason reason) {
        return to("quarantine", id, ContainerState.FROZEN);
    }

    @Override
    public ContainerStatus release(ContainerId id) {
        return to("release", id, ContainerState.RUNNING);
    }

    @Override
    public List<SnapshotStatus> snapshots(ContainerId id) {
        asked.add("snapshots " + id);
        return List.of();
    }

    @Override
    public void takeSnapshot(ContainerId id, SnapshotId snapshot, SnapshotName name) {
        asked.add("take-snapshot " + snapshot + " " + name + " " + id);
    }

    @Override
    public void deleteSnapshot(ContainerId id, SnapshotId snapshot) {
        asked.add("delete-snapshot " + snapshot + " " + id);
    }

    @Override
    public ContainerStatus restore(ContainerId id, SnapshotId snapshot) {
        return to("restore " + snapshot, id, ContainerState.STOPPED);
    }

    @Override
    public ContainerStatus copy(ContainerId id, ContainerSpec spec, ContainerId source, @Nullable SnapshotId snapshot) {
        asked.add("copy " + source + " " + snapshot);
        return create(id, spec);
    }

    @Override
    public ContainerStatus rename(ContainerId id, ContainerName name) {
        return to("rename " + name, id, ContainerState.STOPPED);
    }

    @Override
    public Attachment attach(ContainerId id, AttachRequest request) {
        asked.add("attach " + id);
        if (find(id).state() != ContainerState.RUNNING) {
            throw new ContainerException(Refusal.CONFLICT, "the container is stopped; start it");
        }
        Attachment attachment = HostProcess.start(request);
        attachments.add(attachment);
        return attachment;
    }

    @Override
    public Fd connect(ContainerId id, GuestUser user, Endpoint to) {
        asked.add("connect " + to + " " + id);
        Fd socket = SocketCalls.socket(SocketConstant.AF_UNIX, SocketConstant.SOCK_STREAM, 0);
        try {
            SocketCalls.connectUnix(socket, ((Endpoint.Unix) to).path());
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw new ContainerException(Refusal.CONFLICT, "nobody listens there");
        }
    }

    @Override
    public Listener listen(ContainerId id, GuestUser user, Endpoint at) {
        asked.add("listen " + at + " " + id);
        Fd socket = SocketCalls.socket(SocketConstant.AF_UNIX, SocketConstant.SOCK_STREAM, 0);
        SocketCalls.bindUnix(socket, ((Endpoint.Unix) at).path());
        SocketCalls.listen(socket, 1);
        return new Listener(at, List.of(socket), false);
    }

    @Override
    public List<ImageStatus> images() {
        asked.add("images");
        return List.of();
    }

    @Override
    public ImageStatus buildImage(ImageAlias alias, Consumer<String> progress) {
        asked.add("build " + alias);
        if (alias.value().equals("broken/image")) {
            throw new IllegalStateException("secret of the node's inside");
        }
        progress.accept("fetching");
        progress.accept("unpacking");
        return new ImageStatus(Samples.IMAGE, alias, "amd64", 1, Instant.EPOCH, null, true);
    }

    @Override
    public ImageStatus importImage(ImageAlias alias, String from, List<Fd> archives, Consumer<String> progress) {
        asked.add("import " + alias + " " + archives.size());
        return new ImageStatus(
                Samples.IMAGE,
                alias,
                "amd64",
                1,
                Instant.EPOCH,
                new ImageOrigin(from, "sha256:" + "ab".repeat(32)),
                true);
    }

    @Override
    public void deleteImage(ImageId id) {
        asked.add("delete-image " + id);
    }

    @Override
    public AutoCloseable subscribe(Consumer<Reply> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void shutdown(Duration grace) {
        asked.add("shutdown " + grace);
    }

    @Override
    public void close() {
        asked.add("close");
    }
}
