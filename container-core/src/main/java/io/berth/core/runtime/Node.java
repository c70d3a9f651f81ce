// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Fd;
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
import io.berth.core.protocol.Reply;
import io.berth.core.protocol.SnapshotStatus;
import io.berth.core.protocol.UsageStatus;
import io.berth.core.protocol.VolumeStatus;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one machine can do with containers. Safe for use by many threads; verbs on one container run one after the
 * other. Every verb is idempotent, so that a caller that lost the answer asks again. All throw {@link ContainerException}.
 */
public interface Node extends AutoCloseable {
    ContainerStatus create(ContainerId id, ContainerSpec spec);

    ContainerStatus start(ContainerId id);

    ContainerStatus stop(ContainerId id, Duration grace);

    ContainerStatus restart(ContainerId id, Duration grace);

    ContainerStatus freeze(ContainerId id);

    ContainerStatus thaw(ContainerId id);

    ContainerStatus resize(ContainerId id, Limits limits);

    ContainerStatus changeDevices(ContainerId id, Devices devices);

    /** Which volumes it has; of a running one at once. */
    ContainerStatus changeVolumes(ContainerId id, List<VolumeMount> volumes);

    /** What its network lets through besides what all have; of a running one at once. */
    ContainerStatus changeNetworkRules(ContainerId id, NetworkRules rules);

    VolumeStatus createVolume(VolumeId id, VolumeSpec spec);

    VolumeStatus resizeVolume(VolumeId id, long diskBytes);

    /** One that no container has. */
    void deleteVolume(VolumeId id);

    /** All volumes, ordered by id. */
    List<VolumeStatus> volumes();

    void delete(ContainerId id);

    ContainerStatus inspect(ContainerId id);

    /** All containers, ordered by id. */
    List<ContainerStatus> list();

    /** The ranges of uids and gids that are or were used, or that somebody else on this host has ids of, ordered by id. */
    List<IdRangeStatus> idRanges();

    /** The newest bytes of the console, at most {@code maxBytes}, as text; what is no UTF-8 is replaced. */
    String consoleLog(ContainerId id, int maxBytes);

    /** The plans of a start, a line a step; nothing is run. */
    String describeBirth(ContainerId id);

    /** What its seccomp rules said no to since it was started, or the agent was. */
    DenialReport denials(ContainerId id);

    /** Excepts it from a rule, at once, for all that runs in it and is told by the supervisor. */
    void grant(ContainerId id, String rule, Instant until);

    void revoke(ContainerId id, String rule);

    /** Denies a system call to every container: to logins from now on, to init from its next start on. */
    PatchStatus addPatch(String call);

    void removePatch(String call);

    List<PatchStatus> patches();

    /** Every container, ordered by id. */
    List<PatchCoverage> coverage(PatchStatus patch);

    /** How a running container is isolated, by the kernel's word, and where that is not what policy wants. */
    ContainerPassport passport(ContainerId id);

    /** What a running container uses. */
    UsageStatus usage(ContainerId id);

    /** The same of every one that runs, ordered by id. */
    List<UsageStatus> usages();

    /** What a container takes of the disk, whether it runs or not. */
    ContainerDisk disk(ContainerId id);

    /** The same of all, ordered by id. */
    List<ContainerDisk> disks();

    /** The first round of readings that is kept and is that one or a later one; of another series, or of 0, the oldest. */
    Optional<MeterRound> metered(long series, long number);

    /** What is known of drift: one for each running container that was looked at. */
    List<Reply.Drift> drifts();

    /**
     * Freezes a container, cuts its network, closes it to logins and every verb but release, and keeps its files as a snapshot; holds
     * over the end of this process and of the node.
     */
    ContainerStatus quarantine(ContainerId id, QuarantineReason reason);

    ContainerStatus release(ContainerId id);

    /** Oldest first. */
    List<SnapshotStatus> snapshots(ContainerId id);

    /** Keeps its files as they are now; frozen meanwhile where they have to be copied. */
    void takeSnapshot(ContainerId id, SnapshotId snapshot, SnapshotName name);

    void deleteSnapshot(ContainerId id, SnapshotId snapshot);

    /** Its files become what they were; one that runs is killed before and started after. */
    ContainerStatus restore(ContainerId id, SnapshotId snapshot);

    /**
     * A container that begins with another's files, of the same tenant and image.
     *
     * @param snapshot of the source's; null for its files as they are now
     */
    ContainerStatus copy(ContainerId id, ContainerSpec spec, ContainerId source, @Nullable SnapshotId snapshot);

    /** For one that is stopped: the name is its host name, too. */
    ContainerStatus rename(ContainerId id, ContainerName name);

    Attachment attach(ContainerId id, AttachRequest request);

    /** A connection from inside, by a process that is that user; the caller's to close. Takes as long as the far end does, 40 s at most. */
    Fd connect(ContainerId id, GuestUser user, Endpoint to);

    /** Sockets that listen inside, made by a process that is that user. */
    Listener listen(ContainerId id, GuestUser user, Endpoint at);

    List<ImageStatus> images();

    ImageStatus buildImage(ImageAlias alias, Consumer<String> progress);

    /** @param archives one, or both halves of a split image; they stay the caller's */
    ImageStatus importImage(ImageAlias alias, String from, List<Fd> archives, Consumer<String> progress);

    void deleteImage(ImageId id);

    /**
     * Tells {@code listener} every change ({@link Reply.Container}, {@link Reply.Removed}, {@link Reply.Drift}) from now on, in order, on a thread of
     * the node's; it must not block for long. Closing the result ends it.
     */
    AutoCloseable subscribe(Consumer<Reply> listener);

    /** Stops all containers, leaving each one's shouldRun as it was, and releases mounts, cgroups, links and pool. */
    void shutdown(Duration grace);

    /** Lets go of everything in this process; containers run on and are picked up by the next node on the same state. */
    @Override
    void close();
}
