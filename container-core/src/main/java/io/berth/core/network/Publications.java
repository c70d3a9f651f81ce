// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import io.berth.core.spec.ContainerId;
import io.berth.core.spec.NetworkRules;
import io.berth.core.spec.PublishedPort;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which elements lead from the node's ports to which container, in the kernel and here alike. */
final class Publications {
    private static final Logger LOG = LoggerFactory.getLogger(Publications.class);

    private final Nftables nftables;
    private final IntPredicate publishable;
    private final Map<ContainerId, Set<SetElement>> inEffect = new HashMap<>();

    /** @param publishable which of the node's ports may lead to a container, whatever a record of earlier settings says */
    Publications(Nftables nftables, IntPredicate publishable) {
        this.nftables = nftables;
        this.publishable = publishable;
    }

    /** For tables that are written anew: what is said here is what they have then. */
    synchronized Collection<SetElement> begin(Map<Endpoint, NetworkRules> rules) {
        inEffect.clear();
        rules.forEach((endpoint, its) -> inEffect.put(endpoint.container(), elements(endpoint, its)));
        return inEffect.values().stream().flatMap(Set::stream).toList();
    }

    /** Opens and closes what differs; open connections through what is closed end. */
    synchronized void set(Endpoint endpoint, NetworkRules rules) {
        Set<SetElement> before = inEffect.getOrDefault(endpoint.container(), Set.of());
        Set<SetElement> wanted = elements(endpoint, rules);
        if (before.equals(wanted)) {
            return;
        }
        Set<SetElement> perhaps = new LinkedHashSet<>(before); // what there is if the next call fails half-way
        perhaps.addAll(wanted);
        inEffect.put(endpoint.container(), perhaps);
        nftables.change(without(before, wanted), wanted);
        inEffect.put(endpoint.container(), wanted);
    }

    /** Closes all; one that has none is fine. */
    synchronized void clear(Endpoint endpoint) {
        if (inEffect.containsKey(endpoint.container())) {
            set(endpoint, NetworkRules.NONE);
            inEffect.remove(endpoint.container());
        }
    }

    private Set<SetElement> elements(Endpoint endpoint, NetworkRules rules) {
        Set<SetElement> elements = new LinkedHashSet<>();
        for (PublishedPort port : rules.ports()) {
            if (publishable.test(port.hostPort())) {
                elements.addAll(SetElement.of(endpoint, port));
            } else {
                LOG.warn(
                        "event=port-stays-closed container={} port={}: containers may publish it no longer",
                        endpoint.container(),
                        port.describe());
            }
        }
        return elements;
    }

    private static List<SetElement> without(Set<SetElement> these, Set<SetElement> those) {
        return these.stream().filter(element -> !those.contains(element)).toList();
    }
}
