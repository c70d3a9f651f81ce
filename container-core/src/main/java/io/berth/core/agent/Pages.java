// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import io.berth.core.protocol.ContainerDisk;
import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.Denial;
import io.berth.core.protocol.DenialReport;
import io.berth.core.protocol.IdRangeStatus;
import io.berth.core.protocol.MeterReading;
import io.berth.core.protocol.MeterRound;
import io.berth.core.protocol.PatchCoverage;
import io.berth.core.protocol.PatchStatus;
import io.berth.core.protocol.Reply;
import io.berth.core.protocol.UsageStatus;
import io.berth.core.protocol.VolumeStatus;
import io.berth.core.protocol.Wire;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.VolumeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Cuts long answers into packets. */
final class Pages {
    private static final int PAGE_BYTES = Wire.MOST_BYTES / 2;
    private static final int TEXT_CHARACTERS = Wire.MOST_BYTES / 8; // JSON writes a control character as six bytes

    private static final int COVERED = 500; // of less than 160 bytes each
    private static final int USED = 400; // of less than 300 bytes each

    private static final int READ = 200; // of less than 500 bytes each

    private Pages() {}

    /** @param all ordered by id */
    static Reply.Containers containers(List<ContainerStatus> all, @Nullable ContainerId after) {
        List<ContainerStatus> page = new ArrayList<>();
        int bytes = 0;
        for (ContainerStatus status : all) {
            if (after != null && status.id().compareTo(after) <= 0) {
                continue;
            }
            bytes += Wire.encode(new Reply.Container(status)).length;
            if (!page.isEmpty() && bytes > PAGE_BYTES) {
                return new Reply.Containers(page, true);
            }
            page.add(status);
        }
        return new Reply.Containers(page, false);
    }

    /** @param all ordered by start */
    static Reply.IdRanges idRanges(List<IdRangeStatus> all, long after) {
        List<IdRangeStatus> page = new ArrayList<>();
        int bytes = 0;
        for (IdRangeStatus range : all) {
            if (range.start() <= after) {
                continue;
            }
            bytes += Wire.encode(new Reply.IdRanges(List.of(range), false)).length;
            if (!page.isEmpty() && bytes > PAGE_BYTES) {
                return new Reply.IdRanges(page, true);
            }
            page.add(range);
        }
        return new Reply.IdRanges(page, false);
    }

    /** @param all ordered by id */
    static Reply.Usages usages(List<UsageStatus> all, @Nullable ContainerId after) {
        List<UsageStatus> rest = all.stream()
                .filter(usage -> after == null || usage.id().compareTo(after) > 0)
                .toList();
        return new Reply.Usages(rest.subList(0, Math.min(USED, rest.size())), rest.size() > USED);
    }

    /** @param all ordered by id */
    static Reply.Volumes volumes(List<VolumeStatus> all, @Nullable VolumeId after) {
        List<VolumeStatus> page = new ArrayList<>();
        int bytes = 0;
        for (VolumeStatus status : all) {
            if (after != null && status.id().compareTo(after) <= 0) {
                continue;
            }
            bytes += Wire.encode(new Reply.Volume(status)).length;
            if (!page.isEmpty() && bytes > PAGE_BYTES) {
                return new Reply.Volumes(page, true);
            }
            page.add(status);
        }
        return new Reply.Volumes(page, false);
    }

    /** @param all ordered by id */
    static Reply.Disks disks(List<ContainerDisk> all, @Nullable ContainerId after) {
        List<ContainerDisk> rest = all.stream()
                .filter(disk -> after == null || disk.id().compareTo(after) > 0)
                .toList();
        return new Reply.Disks(rest.subList(0, Math.min(USED, rest.size())), rest.size() > USED);
    }

    static Reply.Metered metered(Optional<MeterRound> round, int skip) {
        if (round.isEmpty()) {
            return new Reply.Metered(null, false);
        }
        List<MeterReading> all = round.get().readings();
        int from = Math.min(skip, all.size());
        int to = Math.min(from + READ, all.size());
        return new Reply.Metered(round.get().with(all.subList(from, to)), to < all.size());
    }

    /** Counts and exceptions whole, and as many of the denials as there is room for, the newest first. */
    static Reply.Denials denials(DenialReport report) {
        List<Denial> recent = report.recent();
        Reply.Denials reply;
        do {
            reply = new Reply.Denials(new DenialReport(report.since(), report.counts(), recent, report.grants()));
            recent = recent.subList(0, recent.size() / 2);
        } while (Wire.encode(reply).length > Wire.MOST_BYTES
                && !reply.report().recent().isEmpty());
        return reply;
    }

    /** At least one packet. */
    static List<Reply.Coverage> coverage(PatchStatus patch, List<PatchCoverage> containers) {
        List<Reply.Coverage> packets = new ArrayList<>();
        int from = 0;
        do {
            int to = Math.min(from + COVERED, containers.size());
            packets.add(new Reply.Coverage(patch, containers.subList(from, to), to < containers.size()));
            from = to;
        } while (from < containers.size());
        return packets;
    }

    /** At least one packet; a character outside the basic plane is never cut in two. */
    static List<Reply.Text> text(String text) {
        List<Reply.Text> packets = new ArrayList<>();
        int from = 0;
        do {
            int to = Math.min(from + TEXT_CHARACTERS, text.length());
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            packets.add(new Reply.Text(text.substring(from, to), to < text.length()));
            from = to;
        } while (from < text.length());
        return packets;
    }
}
