// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.platform.event.EventKind;
import io.berth.platform.event.EventSource;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Volumes for those who watch. One that is gone is only an id. */
@Component
class VolumeEvents implements EventSource {
    private final Volumes volumes;

    VolumeEvents(Volumes volumes) {
        this.volumes = volumes;
    }

    /** What is known of a volume that is gone. */
    private record Gone(UUID id) {}

    @Override
    public EventKind kind() {
        return EventKind.VOLUME;
    }

    @Override
    public Map<String, Object> load(Collection<String> names) {
        Map<String, Volume> there = volumes
                .all(names.stream().map(UUID::fromString).toList())
                .stream()
                .collect(Collectors.toMap(volume -> volume.id().toString(), volume -> volume));
        return names.stream().collect(Collectors.toMap(Function.identity(), name -> {
            Volume volume = there.get(name);
            return volume == null ? new Gone(UUID.fromString(name)) : volume;
        }));
    }
}
