// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.platform.event.EventKind;
import io.berth.platform.event.EventSource;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Drifts for those who watch. */
@Component
class DriftEvents implements EventSource {
    private final Drifts drifts;

    DriftEvents(Drifts drifts) {
        this.drifts = drifts;
    }

    @Override
    public EventKind kind() {
        return EventKind.DRIFT;
    }

    @Override
    public Map<String, Object> load(Collection<String> names) {
        return drifts.all(names.stream().map(UUID::fromString).toList()).stream()
                .collect(Collectors.toMap(drift -> drift.id().toString(), drift -> drift));
    }
}
