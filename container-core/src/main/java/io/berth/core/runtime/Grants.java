// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.protocol.Grant;
import io.berth.core.spec.ContainerId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The exceptions from rules that an admin has granted: each for one container, and each with an end. Kept over restarts of the agent. */
final class Grants {
    /** One exception. */
    record Entry(ContainerId container, String rule, Instant until) {}

    /** All of them. */
    record Content(List<Entry> grants) {
        Content {
            grants = List.copyOf(grants);
        }
    }

    private final StateFile<Content> file;
    private final Clock clock;
    private volatile List<Entry> grants;

    Grants(Path file, Clock clock) {
        this.file = new StateFile<>(file, Content.class);
        this.clock = clock;
        this.grants = this.file.load(new Content(List.of())).grants();
    }

    /** Whether it holds at this moment. */
    boolean isGranted(ContainerId container, String rule) {
        List<Entry> all = grants;
        return !all.isEmpty()
                && all.stream().anyMatch(one -> one.container.equals(container) && one.rule.equals(rule) && holds(one));
    }

    private boolean holds(Entry grant) {
        return clock.instant().isBefore(grant.until);
    }

    /** Those that hold now. */
    List<Grant> of(ContainerId container) {
        return grants.stream()
                .filter(one -> one.container.equals(container) && holds(one))
                .sorted(Comparator.comparing(Entry::rule))
                .map(one -> new Grant(one.rule, one.until))
                .toList();
    }

    /** The last word about a rule holds. */
    synchronized void grant(ContainerId container, String rule, Instant until) {
        save(Stream.concat(without(container, rule), Stream.of(new Entry(container, rule, until))));
    }

    synchronized void revoke(ContainerId container, String rule) {
        save(without(container, rule));
    }

    /** For a container that is gone. */
    synchronized void forget(ContainerId container) {
        if (grants.stream().anyMatch(one -> one.container.equals(container))) {
            save(grants.stream().filter(one -> !one.container.equals(container)));
        }
    }

    private Stream<Entry> without(ContainerId container, String rule) {
        return grants.stream().filter(one -> !one.container.equals(container) || !one.rule.equals(rule));
    }

    /** Those that have ended go by the way. */
    private void save(Stream<Entry> entries) {
        List<Entry> kept = entries.filter(this::holds).toList();
        file.save(new Content(kept));
        grants = kept;
    }
}
