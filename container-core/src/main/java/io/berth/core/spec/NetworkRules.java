// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import java.util.List;
import java.util.Objects;

/**
 * What a container's network lets through besides what all have.
 *
 * @param ports what is reached from outside, at the node's addresses
 */
public record NetworkRules(List<PublishedPort> ports) {
    public static final NetworkRules NONE = new NetworkRules(List.of());

    public NetworkRules {
        ports = PublishedPort.checked(Objects.requireNonNull(ports, "ports"));
    }
}
