// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import io.berth.core.plan.Spawner;
import io.berth.core.spec.ImageAlias;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Every image that this node can build, by alias. */
final class Definitions {
    private final Map<String, ImageDefinition> byAlias = new TreeMap<>();

    Definitions(Spawner spawner, Supplier<BuildRange> ranges) {
        for (DebianSuite suite : DebianSuite.values()) {
            byAlias.put(
                    "debian/" + suite.codename(), new DebianDefinition(suite, Path.of("/etc/apt"), spawner, ranges));
        }
        byAlias.put("busybox/latest", new BusyboxDefinition(Path.of("/bin/busybox")));
    }

    /** @throws ImageException.Unknown when there is none */
    ImageDefinition get(ImageAlias alias) {
        ImageDefinition definition = byAlias.get(alias.value());
        if (definition == null) {
            throw new ImageException.Unknown(
                    "there is no image '" + alias + "'; choose one of " + String.join(", ", byAlias.keySet()));
        }
        return definition;
    }
}
