// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.SnapshotStatus;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.SnapshotName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A container's snapshots, as its record has them. A note comes before the files and goes after them, so the agent's next start can
 * tell what a crash has left: a note without files was never taken or is gone, files without a note are an earlier version's.
 */
record Snapshots(List<SnapshotNote> notes) {
    static final String QUARANTINE = "quarantine";
    private static final int MOST = 128; // a listing is one packet

    Snapshots {
        notes = List.copyOf(notes);
    }

    boolean isTaken(SnapshotId id) {
        return notes.stream().anyMatch(note -> note.id().equals(id) && note.taken());
    }

    /** @throws ContainerException CONFLICT for a name that another one has, EXHAUSTED when there are enough */
    Snapshots begin(SnapshotId id, SnapshotName name) {
        Snapshots others = without(id);
        if (others.notes.stream().anyMatch(note -> note.name().equals(name))) {
            throw new ContainerException(
                    Refusal.CONFLICT, "the container has a snapshot '" + name + "' already; choose another name");
        }
        if (others.notes.size() >= MOST) {
            throw new ContainerException(
                    Refusal.EXHAUSTED,
                    "the container has " + MOST + " snapshots, which is the most; delete some first");
        }
        return others.with(new SnapshotNote(id, name, false));
    }

    Snapshots taken(SnapshotId id) {
        return new Snapshots(notes.stream()
                .map(note -> note.id().equals(id) ? new SnapshotNote(id, note.name(), true) : note)
                .toList());
    }

    /** One that nobody was asked for a name of. */
    Snapshots taken(SnapshotId id, String prefix) {
        return without(id).with(new SnapshotNote(id, SnapshotName.at(prefix, id.takenAt()), true));
    }

    private Snapshots with(SnapshotNote note) {
        return new Snapshots(Stream.concat(notes.stream(), Stream.of(note))
                .sorted((one, other) -> one.id().compareTo(other.id()))
                .toList());
    }

    Snapshots without(SnapshotId id) {
        return new Snapshots(
                notes.stream().filter(note -> !note.id().equals(id)).toList());
    }

    /** What holds after a crash, by the files that there are. */
    Snapshots settled(List<SnapshotId> trees) {
        Set<SnapshotId> there = Set.copyOf(trees);
        List<SnapshotNote> left = new ArrayList<>(notes);
        left.removeIf(note -> !there.contains(note.id()));
        Snapshots settled = new Snapshots(left);
        for (SnapshotId id : trees) {
            boolean noted = left.stream().anyMatch(note -> note.id().equals(id));
            settled = noted ? settled.taken(id) : settled.taken(id, QUARANTINE);
        }
        return settled;
    }

    List<SnapshotStatus> statuses() {
        return notes.stream()
                .filter(SnapshotNote::taken)
                .map(SnapshotNote::status)
                .toList();
    }
}
