// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.protocol.PatchStatus;
import io.berth.core.seccomp.Patch;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The virtual patches: system calls that no container of this node gets, on top of the deny list. Kept over restarts of the agent. */
final class Patches {
    /** All of them. */
    record Content(List<PatchStatus> patches) {
        Content {
            patches = List.copyOf(patches);
        }
    }

    private final StateFile<Content> file;
    private final Clock clock;
    private volatile List<PatchStatus> patches;

    Patches(Path file, Clock clock) {
        this.file = new StateFile<>(file, Content.class);
        this.clock = clock;
        this.patches = this.file.load(new Content(List.of())).patches();
    }

    /** In the order in which they were added. */
    List<PatchStatus> list() {
        return patches;
    }

    List<Patch> calls() {
        return patches.stream().map(entry -> new Patch(entry.call())).toList();
    }

    private Optional<PatchStatus> find(String call) {
        return patches.stream().filter(entry -> entry.call().equals(call)).findFirst();
    }

    /** One that is there already stays as old as it is. */
    synchronized PatchStatus add(Patch patch) {
        Optional<PatchStatus> there = find(patch.call());
        if (there.isPresent()) {
            return there.get();
        }
        var added = new PatchStatus(patch.call(), clock.instant());
        save(Stream.concat(patches.stream(), Stream.of(added)));
        return added;
    }

    /** One that is not there is as good as removed. */
    synchronized void remove(String call) {
        save(patches.stream().filter(entry -> !entry.call().equals(call)));
    }

    private void save(Stream<PatchStatus> entries) {
        List<PatchStatus> kept = entries.toList();
        file.save(new Content(kept));
        patches = kept;
    }
}
