// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.berth.core.spec.ContainerId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the agent answers. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "reply")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Reply.Done.class, name = "done"),
    @JsonSubTypes.Type(value = Reply.Container.class, name = "container"),
    @JsonSubTypes.Type(value = Reply.Removed.class, name = "removed"),
    @JsonSubTypes.Type(value = Reply.Containers.class, name = "containers"),
    @JsonSubTypes.Type(value = Reply.IdRanges.class, name = "id-ranges"),
    @JsonSubTypes.Type(value = Reply.Passport.class, name = "passport"),
    @JsonSubTypes.Type(value = Reply.Drift.class, name = "drift"),
    @JsonSubTypes.Type(value = Reply.Snapshots.class, name = "snapshots"),
    @JsonSubTypes.Type(value = Reply.Usages.class, name = "usages"),
    @JsonSubTypes.Type(value = Reply.Disks.class, name = "disks"),
    @JsonSubTypes.Type(value = Reply.Volume.class, name = "volume"),
    @JsonSubTypes.Type(value = Reply.Volumes.class, name = "volumes"),
    @JsonSubTypes.Type(value = Reply.Host.class, name = "host"),
    @JsonSubTypes.Type(value = Reply.Findings.class, name = "findings"),
    @JsonSubTypes.Type(value = Reply.Metered.class, name = "metered"),
    @JsonSubTypes.Type(value = Reply.Images.class, name = "images"),
    @JsonSubTypes.Type(value = Reply.Image.class, name = "image"),
    @JsonSubTypes.Type(value = Reply.Text.class, name = "text"),
    @JsonSubTypes.Type(value = Reply.Progress.class, name = "progress"),
    @JsonSubTypes.Type(value = Reply.Denials.class, name = "denials"),
    @JsonSubTypes.Type(value = Reply.Patches.class, name = "patches"),
    @JsonSubTypes.Type(value = Reply.Coverage.class, name = "coverage"),
    @JsonSubTypes.Type(value = Reply.Attached.class, name = "attached"),
    @JsonSubTypes.Type(value = Reply.Exited.class, name = "exited"),
    @JsonSubTypes.Type(value = Reply.Connected.class, name = "connected"),
    @JsonSubTypes.Type(value = Reply.Listening.class, name = "listening"),
    @JsonSubTypes.Type(value = Reply.Refused.class, name = "refused"),
})
public sealed interface Reply {
    /** Nothing more to say. */
    record Done() implements Reply {}

    /** A container as it is now. */
    record Container(ContainerStatus status) implements Reply {}

    /** In a watch: a container is gone. */
    record Removed(ContainerId id) implements Reply {}

    /** One page; {@code more} says whether another may follow. */
    record Containers(List<ContainerStatus> containers, boolean more) implements Reply {
        public Containers {
            containers = List.copyOf(containers);
        }
    }

    /** One page; {@code more} says whether another may follow. */
    record IdRanges(List<IdRangeStatus> ranges, boolean more) implements Reply {
        public IdRanges {
            ranges = List.copyOf(ranges);
        }
    }

    /** How a container is isolated. */
    record Passport(ContainerPassport passport) implements Reply {}

    /**
     * In a watch: how a running container differs from policy now.
     *
     * @param id which
     * @param seenAt when
     * @param lines all of its drift; empty when there is none, any more or at all
     */
    record Drift(ContainerId id, Instant seenAt, List<PassportLine> lines) implements Reply {
        public Drift {
            lines = List.copyOf(lines);
        }
    }

    /** Every snapshot of a container, oldest first. */
    record Snapshots(List<SnapshotStatus> snapshots) implements Reply {
        public Snapshots {
            snapshots = List.copyOf(snapshots);
        }
    }

    /** One page; {@code more} says whether another may follow. */
    record Usages(List<UsageStatus> usages, boolean more) implements Reply {
        public Usages {
            usages = List.copyOf(usages);
        }
    }

    /** One page; {@code more} says whether another may follow. */
    record Disks(List<ContainerDisk> disks, boolean more) implements Reply {
        public Disks {
            disks = List.copyOf(disks);
        }
    }

    /** A volume as it is now. */
    record Volume(VolumeStatus status) implements Reply {}

    /** One page; {@code more} says whether another may follow. */
    record Volumes(List<VolumeStatus> volumes, boolean more) implements Reply {
        public Volumes {
            volumes = List.copyOf(volumes);
        }
    }

    /** What the host has. */
    record Host(HostFigures figures) implements Reply {}

    /** Whether the host will do. */
    record Findings(List<HostFinding> findings) implements Reply {
        public Findings {
            findings = List.copyOf(findings);
        }
    }

    /** One page of a round, null when there is none yet; {@code more} says whether another may follow. */
    record Metered(@Nullable MeterRound round, boolean more) implements Reply {}

    /** Every image of the node. */
    record Images(List<ImageStatus> images) implements Reply {
        public Images {
            images = List.copyOf(images);
        }
    }

    /** An image that has just been built. */
    record Image(ImageStatus image) implements Reply {}

    /** What a container was denied; of the recent ones as many as fit into a packet, the newest first. */
    record Denials(DenialReport report) implements Reply {}

    /** Every virtual patch of the node. */
    record Patches(List<PatchStatus> patches) implements Reply {
        public Patches {
            patches = List.copyOf(patches);
        }
    }

    /** Which containers a patch covers; {@code more} says whether another packet follows. */
    record Coverage(PatchStatus patch, List<PatchCoverage> containers, boolean more) implements Reply {
        public Coverage {
            containers = List.copyOf(containers);
        }
    }

    /** Text; {@code more} says whether another packet follows. */
    record Text(String text, boolean more) implements Reply {}

    /** A line about long work that is under way. */
    record Progress(String line) implements Reply {}

    /**
     * The process runs. The packet bears file descriptors: with a pty {@code [pidfd, master]}, else {@code [pidfd, stdin,
     * stdout, stderr]} (the caller's ends).
     */
    record Attached(boolean pty) implements Reply {}

    /** The attached process ended: by exit with {@code code}, or by the signal named (without SIG). Exactly one is not null. */
    record Exited(@Nullable Integer code, @Nullable String signal) implements Reply {}

    /** The packet bears one file descriptor: the connected socket. */
    record Connected() implements Reply {}

    /**
     * The packet bears the listening sockets, one or two. With {@code kept} the last descriptor is none of them: it is a pipe, and
     * once nobody holds it any more, the Unix socket's path is removed inside.
     *
     * @param at where: with the port, or the path, that was chosen
     */
    record Listening(Endpoint at, boolean kept) implements Reply {}

    /** The request was not done. */
    record Refused(Refusal refusal, String message) implements Reply {}
}
