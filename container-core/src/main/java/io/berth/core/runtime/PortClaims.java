// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.protocol.Refusal;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.PublishedPort;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which container has which of the node's ports, running or not: no two have the same one. */
final class PortClaims {
    private static final Logger LOG = LoggerFactory.getLogger(PortClaims.class);

    private record Place(String port) {
        static Place of(PublishedPort port) {
            return new Place(port.describe());
        }
    }

    private final Map<Place, ContainerId> owners = new HashMap<>();

    /**
     * Takes them all or none; those that it has already are fine.
     *
     * @throws ContainerException CONFLICT; whose it is stands in the agent's log alone, as it may be another tenant's
     */
    synchronized void claim(ContainerId id, Collection<PublishedPort> ports) {
        for (PublishedPort port : ports) {
            ContainerId owner = owners.getOrDefault(Place.of(port), id);
            if (!owner.equals(id)) {
                LOG.info("event=port-taken container={} port={} owner={}", id, port.describe(), owner);
                throw new ContainerException(
                        Refusal.CONFLICT,
                        "ports: " + port.describe() + " of the node leads to another container; choose another port");
            }
        }
        ports.forEach(port -> owners.put(Place.of(port), id));
    }

    /** Gives back what it has besides these. */
    synchronized void keep(ContainerId id, Collection<PublishedPort> ports) {
        List<Place> kept = ports.stream().map(Place::of).toList();
        owners.entrySet().removeIf(entry -> entry.getValue().equals(id) && !kept.contains(entry.getKey()));
    }

    /** Gives everything back. */
    void release(ContainerId id) {
        keep(id, List.of());
    }
}
