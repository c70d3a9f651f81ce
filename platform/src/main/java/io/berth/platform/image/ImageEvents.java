// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.image;

import io.berth.platform.event.EventKind;
import io.berth.platform.event.EventSource;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Images for those who watch. One that is gone is only a name: its address and alias. */
@Component
class ImageEvents implements EventSource {
    private final Images images;

    ImageEvents(Images images) {
        this.images = images;
    }

    /** What is known of an image that is gone. */
    private record Gone(String id, String alias) {
        static Gone of(String name) {
            int blank = name.indexOf(' ');
            return new Gone(name.substring(0, blank), name.substring(blank + 1));
        }
    }

    @Override
    public EventKind kind() {
        return EventKind.IMAGE;
    }

    @Override
    public Map<String, Object> load(Collection<String> names) {
        Map<String, Image> there = images.list().stream()
                .collect(Collectors.toMap(image -> image.id() + " " + image.alias(), image -> image));
        return names.stream()
                .collect(Collectors.toMap(
                        Function.identity(), name -> there.containsKey(name) ? there.get(name) : Gone.of(name)));
    }
}
