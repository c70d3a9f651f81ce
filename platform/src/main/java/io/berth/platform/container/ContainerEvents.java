// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.platform.event.EventKind;
import io.berth.platform.event.EventSource;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Containers for those who watch; deleted ones as they were. */
@Component
class ContainerEvents implements EventSource {
    private final Containers containers;

    ContainerEvents(Containers containers) {
        this.containers = containers;
    }

    @Override
    public EventKind kind() {
        return EventKind.CONTAINER;
    }

    @Override
    public Map<String, Object> load(Collection<String> names) {
        return containers.all(names.stream().map(UUID::fromString).toList()).stream()
                .collect(Collectors.toMap(container -> container.id().toString(), container -> container));
    }
}
