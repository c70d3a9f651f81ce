// SPDX-License-Identifier: Apache-2.0
package io.berth.core.client;

import io.berth.core.linux.Fd;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.ContainerDisk;
import io.berth.core.protocol.ContainerPassport;
import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.DenialReport;
import io.berth.core.protocol.DiskStatus;
import io.berth.core.protocol.HostFigures;
import io.berth.core.protocol.HostFinding;
import io.berth.core.protocol.IdRangeStatus;
import io.berth.core.protocol.ImageStatus;
import io.berth.core.protocol.MeterRound;
import io.berth.core.protocol.PatchCoverage;
import io.berth.core.protocol.PatchStatus;
import io.berth.core.protocol.Reply;
import io.berth.core.protocol.Request;
import io.berth.core.protocol.SnapshotStatus;
import io.berth.core.protocol.UsageStatus;
import io.berth.core.protocol.VolumeStatus;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ImageAlias;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The agent as its callers see it. Every method is one exchange over a connection of its own, may block, is safe for use by
 * many threads, and throws {@link AgentException} when the agent refuses or is out of reach.
 */
public interface Agent {
    /**
     * For requests that are answered by one {@link Reply.Container}: create, start, stop, restart, freeze, thaw, resize, quarantine,
     * release, restore, copy, rename, change-devices, change-volumes, inspect.
     */
    ContainerStatus container(Request request);

    /** Every container of the node. */
    List<ContainerStatus> list();

    /** Every range of the host's ids that is or was used, or that somebody else on the host has ids of. */
    List<IdRangeStatus> idRanges();

    void delete(ContainerId id);

    List<ImageStatus> images();

    /** Blocks until the image is built; {@code progress} gets each line of progress. */
    ImageStatus buildImage(ImageAlias alias, Consumer<String> progress);

    /**
     * Blocks until there is an image of what is in these files: one archive, or metadata and root file system of a split image.
     *
     * @param from one line that says where they are from
     */
    ImageStatus importImage(ImageAlias alias, String from, List<Fd> archives, Consumer<String> progress);

    /** What a container's seccomp rules said no to. */
    DenialReport denials(ContainerId id);

    /** Every virtual patch of the node. */
    List<PatchStatus> patches();

    /** For requests that are answered by {@link Reply.Coverage}: add-patch, show-patch. */
    List<PatchCoverage> coverage(Request request);

    /** How a running container is isolated, by the kernel's word. */
    ContainerPassport passport(ContainerId id);

    /** What a running container uses. */
    UsageStatus usage(ContainerId id);

    /** The same of every one that runs. */
    List<UsageStatus> usages();

    /** What a container takes of the disk, whether it runs or not. */
    DiskStatus disk(ContainerId id);

    /** The same of every one. */
    List<ContainerDisk> disks();

    /** For requests that are answered by {@link Reply.Volume}: create-volume, resize-volume. */
    VolumeStatus volume(Request request);

    /** Every volume of the node. */
    List<VolumeStatus> volumes();

    /** What the host has. */
    HostFigures host();

    /** Whether the host will do, each thing tried for real; takes seconds. */
    List<HostFinding> findings();

    /** The first round of readings that the node still has and that is that one or a later one; of another series, or of 0, its oldest. */
    Optional<MeterRound> metered(long series, long number);

    /** A container's snapshots, oldest first. */
    List<SnapshotStatus> snapshots(ContainerId id);

    /** For requests that are answered by {@link Reply.Text}: console-log, describe-birth. */
    String text(Request request);

    /**
     * For requests that are answered by {@link Reply.Done}: ping, delete, delete-image, grant, revoke, remove-patch,
     * take-snapshot, delete-snapshot, delete-volume, shutdown.
     */
    void done(Request request);

    /**
     * Tells {@code events} each {@link Reply.Container} and {@link Reply.Drift}, then one {@link Reply.Done}, then each of these and
     * {@link Reply.Removed} as they happen. Blocks until the connection ends (it then throws) or the thread is interrupted
     * between events.
     */
    void watch(Consumer<Reply> events);

    /** Runs something inside a container on a ticket's word. */
    AttachedProcess attach(String ticket, AttachRequest request);

    /** The same without a ticket, for the host's root. */
    AttachedProcess attachAsRoot(ContainerId id, AttachRequest request);
}
