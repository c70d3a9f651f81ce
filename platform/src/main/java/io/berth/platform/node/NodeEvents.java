// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.node;

import io.berth.platform.event.EventKind;
import io.berth.platform.event.EventSource;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Nodes for those who watch. */
@Component
class NodeEvents implements EventSource {
    private final Nodes nodes;

    NodeEvents(Nodes nodes) {
        this.nodes = nodes;
    }

    @Override
    public EventKind kind() {
        return EventKind.NODE;
    }

    @Override
    public Map<String, Object> load(Collection<String> names) {
        return nodes.all(names.stream().map(UUID::fromString).toList());
    }
}
