// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.Devices;
import io.berth.core.spec.GuestUser;
import io.berth.core.spec.ImageAlias;
import io.berth.core.spec.ImageOrigin;
import io.berth.core.spec.Limits;
import io.berth.core.spec.NetworkRules;
import io.berth.core.spec.QuarantineReason;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.SnapshotName;
import io.berth.core.spec.VolumeId;
import io.berth.core.spec.VolumeMount;
import io.berth.core.spec.VolumeSpec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The closed list of what can be asked of the agent. Who may ask what, and how often, is the agent's request table; nothing
 * outside this type reaches it. A connection carries one request at a time, except that {@link Signal} may follow an attach.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "verb")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Request.Create.class, name = "create"),
    @JsonSubTypes.Type(value = Request.Start.class, name = "start"),
    @JsonSubTypes.Type(value = Request.Stop.class, name = "stop"),
    @JsonSubTypes.Type(value = Request.Restart.class, name = "restart"),
    @JsonSubTypes.Type(value = Request.Freeze.class, name = "freeze"),
    @JsonSubTypes.Type(value = Request.Thaw.class, name = "thaw"),
    @JsonSubTypes.Type(value = Request.Resize.class, name = "resize"),
    @JsonSubTypes.Type(value = Request.ChangeDevices.class, name = "change-devices"),
    @JsonSubTypes.Type(value = Request.ChangeVolumes.class, name = "change-volumes"),
    @JsonSubTypes.Type(value = Request.ChangeNetworkRules.class, name = "change-network-rules"),
    @JsonSubTypes.Type(value = Request.CreateVolume.class, name = "create-volume"),
    @JsonSubTypes.Type(value = Request.ResizeVolume.class, name = "resize-volume"),
    @JsonSubTypes.Type(value = Request.DeleteVolume.class, name = "delete-volume"),
    @JsonSubTypes.Type(value = Request.ListVolumes.class, name = "list-volumes"),
    @JsonSubTypes.Type(value = Request.Delete.class, name = "delete"),
    @JsonSubTypes.Type(value = Request.Inspect.class, name = "inspect"),
    @JsonSubTypes.Type(value = Request.ListContainers.class, name = "list"),
    @JsonSubTypes.Type(value = Request.ListIdRanges.class, name = "list-id-ranges"),
    @JsonSubTypes.Type(value = Request.ConsoleLog.class, name = "console-log"),
    @JsonSubTypes.Type(value = Request.DescribeBirth.class, name = "describe-birth"),
    @JsonSubTypes.Type(value = Request.Denials.class, name = "denials"),
    @JsonSubTypes.Type(value = Request.Grant.class, name = "grant"),
    @JsonSubTypes.Type(value = Request.Revoke.class, name = "revoke"),
    @JsonSubTypes.Type(value = Request.AddPatch.class, name = "add-patch"),
    @JsonSubTypes.Type(value = Request.RemovePatch.class, name = "remove-patch"),
    @JsonSubTypes.Type(value = Request.ListPatches.class, name = "list-patches"),
    @JsonSubTypes.Type(value = Request.ShowPatch.class, name = "show-patch"),
    @JsonSubTypes.Type(value = Request.Passport.class, name = "passport"),
    @JsonSubTypes.Type(value = Request.Quarantine.class, name = "quarantine"),
    @JsonSubTypes.Type(value = Request.Release.class, name = "release"),
    @JsonSubTypes.Type(value = Request.ListSnapshots.class, name = "list-snapshots"),
    @JsonSubTypes.Type(value = Request.TakeSnapshot.class, name = "take-snapshot"),
    @JsonSubTypes.Type(value = Request.DeleteSnapshot.class, name = "delete-snapshot"),
    @JsonSubTypes.Type(value = Request.Restore.class, name = "restore"),
    @JsonSubTypes.Type(value = Request.Copy.class, name = "copy"),
    @JsonSubTypes.Type(value = Request.Rename.class, name = "rename"),
    @JsonSubTypes.Type(value = Request.Usage.class, name = "usage"),
    @JsonSubTypes.Type(value = Request.ListUsage.class, name = "list-usage"),
    @JsonSubTypes.Type(value = Request.Disk.class, name = "disk"),
    @JsonSubTypes.Type(value = Request.ListDisks.class, name = "list-disks"),
    @JsonSubTypes.Type(value = Request.DescribeHost.class, name = "describe-host"),
    @JsonSubTypes.Type(value = Request.ExamineHost.class, name = "examine-host"),
    @JsonSubTypes.Type(value = Request.Metered.class, name = "metered"),
    @JsonSubTypes.Type(value = Request.ListImages.class, name = "list-images"),
    @JsonSubTypes.Type(value = Request.BuildImage.class, name = "build-image"),
    @JsonSubTypes.Type(value = Request.ImportImage.class, name = "import-image"),
    @JsonSubTypes.Type(value = Request.DeleteImage.class, name = "delete-image"),
    @JsonSubTypes.Type(value = Request.Watch.class, name = "watch"),
    @JsonSubTypes.Type(value = Request.Attach.class, name = "attach"),
    @JsonSubTypes.Type(value = Request.AttachAsRoot.class, name = "attach-as-root"),
    @JsonSubTypes.Type(value = Request.Signal.class, name = "signal"),
    @JsonSubTypes.Type(value = Request.Connect.class, name = "connect"),
    @JsonSubTypes.Type(value = Request.Listen.class, name = "listen"),
    @JsonSubTypes.Type(value = Request.Ping.class, name = "ping"),
    @JsonSubTypes.Type(value = Request.Shutdown.class, name = "shutdown"),
})
public sealed interface Request {
    /** Makes a container's storage and uid range; asking again with the same id and spec changes nothing. Answer: {@link Reply.Container}. */
    record Create(ContainerId id, ContainerSpec spec) implements Request {}

    /** Starts a container; a running one stays as it is. Answer: {@link Reply.Container} once PID 1 is executed. */
    record Start(ContainerId id) implements Request {}

    /** Asks init to shut down, and kills what is left after the grace time. Answer: {@link Reply.Container} once all has ended. */
    record Stop(ContainerId id, int graceSeconds) implements Request {}

    /** Stop and start. Answer: {@link Reply.Container}. */
    record Restart(ContainerId id, int graceSeconds) implements Request {}

    /** Freezes every process of a running container. Answer: {@link Reply.Container}. */
    record Freeze(ContainerId id) implements Request {}

    /** Undoes a freeze. Answer: {@link Reply.Container}. */
    record Thaw(ContainerId id) implements Request {}

    /** Changes the limits, of a running container at once. Answer: {@link Reply.Container}. */
    record Resize(ContainerId id, Limits limits) implements Request {}

    /** Changes which of the host's devices it has, of a running container at once. Answer: {@link Reply.Container}. */
    record ChangeDevices(ContainerId id, Devices devices) implements Request {}

    /** Changes which volumes it has, of a running container at once. Answer: {@link Reply.Container}. */
    record ChangeVolumes(ContainerId id, List<VolumeMount> volumes) implements Request {
        public ChangeVolumes {
            volumes = VolumeMount.checked(volumes);
        }
    }

    /** Changes what its network lets through, of a running container at once. Answer: {@link Reply.Container}. */
    record ChangeNetworkRules(ContainerId id, NetworkRules rules) implements Request {}

    /** Makes an empty volume; asking again with the same id and spec changes nothing. Answer: {@link Reply.Volume}. */
    record CreateVolume(VolumeId id, VolumeSpec spec) implements Request {}

    /** Changes what a volume may take, at once. Answer: {@link Reply.Volume}. */
    record ResizeVolume(VolumeId id, long diskBytes) implements Request {
        public ResizeVolume {
            VolumeSpec.checkedSize(diskBytes);
        }
    }

    /** Removes a volume that no container has, with its files; one that does not exist counts as deleted. Answer: {@link Reply.Done}. */
    record DeleteVolume(VolumeId id) implements Request {}

    /** Answer: {@link Reply.Volumes}, in pages; ids greater than {@code after}, null for the first page. */
    record ListVolumes(@Nullable VolumeId after) implements Request {}

    /** Kills and removes a container with its storage; one that does not exist counts as deleted. Answer: {@link Reply.Done}. */
    record Delete(ContainerId id) implements Request {}

    /** Answer: {@link Reply.Container}. */
    record Inspect(ContainerId id) implements Request {}

    /** Answer: {@link Reply.Containers}, in pages so that each fits a packet; ids greater than {@code after}, null for the first page. */
    record ListContainers(@Nullable ContainerId after) implements Request {}

    /** Answer: {@link Reply.IdRanges}, in pages; ranges that begin above {@code after}, 0 for the first page. */
    record ListIdRanges(long after) implements Request {}

    /** What the container wrote to its console, the newest {@code maxBytes}, at most 32768. Answer: {@link Reply.Text}. */
    record ConsoleLog(ContainerId id, int maxBytes) implements Request {}

    /** The syscalls of a container's start as a readable list; nothing is run. Answer: {@link Reply.Text} in as many packets as needed. */
    record DescribeBirth(ContainerId id) implements Request {}

    /** What the container's seccomp rules said no to. Answer: {@link Reply.Denials}. */
    record Denials(ContainerId id) implements Request {}

    /** Excepts one container from a rule until then, at most 366 days ahead; replaces an earlier exception. Answer: {@link Reply.Done}. */
    record Grant(ContainerId id, String rule, Instant until) implements Request {}

    /** Ends an exception; one that is not there counts as ended. Answer: {@link Reply.Done}. */
    record Revoke(ContainerId id, String rule) implements Request {}

    /**
     * Denies a system call, by its name, to every container of the node: logins from now on, init from its next start on. Answer: {@link
     * Reply.Coverage} in as many packets as needed.
     */
    record AddPatch(String call) implements Request {}

    /** Undoes that; one that is not there counts as removed. Answer: {@link Reply.Done}. */
    record RemovePatch(String call) implements Request {}

    /** Answer: {@link Reply.Patches}. */
    record ListPatches() implements Request {}

    /** Which containers a patch covers. Answer: {@link Reply.Coverage} in as many packets as needed. */
    record ShowPatch(String call) implements Request {}

    /** Asks the kernel how a running container is isolated, and compares with policy. Answer: {@link Reply.Passport}. */
    record Passport(ContainerId id) implements Request {}

    /**
     * Freezes a container, cuts its network, closes it to logins and takes a snapshot; one in quarantine stays there with its first
     * reason, and what is missing is done. Answer: {@link Reply.Container}.
     */
    record Quarantine(ContainerId id, QuarantineReason reason) implements Request {}

    /** Undoes a quarantine; its snapshot stays. One that is not in quarantine stays as it is. Answer: {@link Reply.Container}. */
    record Release(ContainerId id) implements Request {}

    /** Answer: {@link Reply.Snapshots}. */
    record ListSnapshots(ContainerId id) implements Request {}

    /**
     * Keeps a container's files as they are now; one of that id is not taken again. A running one is frozen meanwhile where its files
     * have to be copied. Answer: {@link Reply.Done}.
     */
    record TakeSnapshot(ContainerId id, SnapshotId snapshot, SnapshotName name) implements Request {}

    /** One that does not exist counts as deleted. Answer: {@link Reply.Done}. */
    record DeleteSnapshot(ContainerId id, SnapshotId snapshot) implements Request {}

    /**
     * Makes a container's files what they were; what came since is lost, snapshots stay. A running one is killed before and started
     * after. Answer: {@link Reply.Container}.
     */
    record Restore(ContainerId id, SnapshotId snapshot) implements Request {}

    /**
     * Makes a container with another's files, of the same tenant and image; asking again with the same id and spec changes nothing.
     * Answer: {@link Reply.Container}.
     *
     * @param snapshot of the original's; null for its files as they are now
     */
    record Copy(
            ContainerId id,
            ContainerSpec spec,
            ContainerId original,
            @Nullable SnapshotId snapshot) implements Request {}

    /** Gives a stopped container another name. Answer: {@link Reply.Container}. */
    record Rename(ContainerId id, ContainerName name) implements Request {}

    /** What a running container uses. Answer: {@link Reply.Usages} with this one. */
    record Usage(ContainerId id) implements Request {}

    /** Answer: {@link Reply.Usages} of those that run, in pages; ids greater than {@code after}, null for the first page. */
    record ListUsage(@Nullable ContainerId after) implements Request {}

    /** What a container takes of the disk, whether it runs or not. Answer: {@link Reply.Disks} with this one. */
    record Disk(ContainerId id) implements Request {}

    /** Answer: {@link Reply.Disks} of all, in pages; ids greater than {@code after}, null for the first page. */
    record ListDisks(@Nullable ContainerId after) implements Request {}

    /** What the host has. Answer: {@link Reply.Host}. */
    record DescribeHost() implements Request {}

    /** Whether the host will do, each thing tried for real. Answer: {@link Reply.Findings}. */
    record ExamineHost() implements Request {}

    /**
     * The first round of meter readings that the node still has and that is {@code number} of {@code series} or a later one; of another
     * series, or of 0, the oldest. Answer: {@link Reply.Metered}, in pages: readings after the first {@code skip}.
     */
    record Metered(long series, long number, int skip) implements Request {}

    /** Answer: {@link Reply.Images}. */
    record ListImages() implements Request {}

    /** Builds an image and points the alias to it. Answers: {@link Reply.Progress} lines, then {@link Reply.Image}. */
    record BuildImage(ImageAlias alias) implements Request {}

    /**
     * Makes an image of an archive that comes with the request as a descriptor, or of two: metadata and root file system of a split image. No
     * other request bears descriptors. Answers as {@link BuildImage}.
     *
     * @param from one line that says where they are from
     */
    record ImportImage(ImageAlias alias, String from) implements Request {
        public ImportImage {
            ImageOrigin.checkedFrom(from);
        }
    }

    /** Removes an image that no container needs; one that does not exist counts as deleted. Answer: {@link Reply.Done}. */
    record DeleteImage(io.berth.core.spec.ImageId id) implements Request {}

    /**
     * Answers: a {@link Reply.Container} for every container and a {@link Reply.Drift} for every one that was looked at, a {@link
     * Reply.Done}, then one for every change until the caller closes.
     */
    record Watch() implements Request {}

    /** Runs something inside a container on a ticket's word. Answer: {@link Reply.Attached} with fds, later {@link Reply.Exited}. */
    record Attach(String ticket, AttachRequest attach) implements Request {}

    /** The same for the host's root, who needs no ticket. Answer as {@link Attach}. */
    record AttachAsRoot(ContainerId id, AttachRequest attach) implements Request {}

    /** On the connection of an attach: sends a signal, by its name without SIG, to the session's foreground process group. No answer. */
    record Signal(String name) implements Request {}

    /** Connects from inside a container, as one of its users, on a ticket's word. Answer: {@link Reply.Connected} with the socket. */
    record Connect(String ticket, GuestUser user, Endpoint to) implements Request {}

    /** Listens inside a container, as one of its users, on a ticket's word. Answer: {@link Reply.Listening} with the sockets. */
    record Listen(String ticket, GuestUser user, Endpoint at) implements Request {}

    /** Answer: {@link Reply.Done}. */
    record Ping() implements Request {}

    /** Stops every container, leaves each one's shouldRun as it was, and ends the agent. Answer: {@link Reply.Done} when all have ended. */
    record Shutdown(int graceSeconds) implements Request {}
}
