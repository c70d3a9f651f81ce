// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.operation;

import io.berth.platform.event.EventKind;
import io.berth.platform.event.EventSource;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Operations for those who watch. */
@Component
class OperationEvents implements EventSource {
    private final Operations operations;

    OperationEvents(Operations operations) {
        this.operations = operations;
    }

    @Override
    public EventKind kind() {
        return EventKind.OPERATION;
    }

    @Override
    public Map<String, Object> load(Collection<String> names) {
        return operations.all(names.stream().map(UUID::fromString).toList()).stream()
                .collect(Collectors.toMap(operation -> operation.id().toString(), operation -> operation));
    }
}
