// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where webhooks may go.
 *
 * @param ports BERTH_WEBHOOK_PORTS: on which ports endpoints may listen
 * @param networks BERTH_WEBHOOK_NETWORKS: which are allowed though they are nobody's on the internet, and without TLS
 */
public record WebhookSettings(Set<Integer> ports, List<Network> networks) {
    private static final Pattern PORTS = Pattern.compile("[0-9]{1,5}(,[0-9]{1,5}){0,19}");
    private static final String PORTS_CURE = "set it to at most 20 ports with commas between them, such as 443,8443";

    public WebhookSettings {
        ports = Set.copyOf(ports);
        networks = List.copyOf(networks);
    }

    static WebhookSettings from(Environment environment) {
        String ports = environment.text("BERTH_WEBHOOK_PORTS", "443", PORTS, PORTS_CURE);
        Set<Integer> numbers =
                Arrays.stream(ports.split(",")).map(Integer::valueOf).collect(Collectors.toSet());
        if (numbers.stream().anyMatch(port -> port < 1 || port > 65_535)) {
            throw new InvalidSettingException("BERTH_WEBHOOK_PORTS", ports, PORTS_CURE);
        }
        String networks = environment.text("BERTH_WEBHOOK_NETWORKS", "");
        try {
            return new WebhookSettings(
                    numbers,
                    networks.isEmpty()
                            ? List.of()
                            : Arrays.stream(networks.split(","))
                                    .map(Network::of)
                                    .toList());
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingException(
                    "BERTH_WEBHOOK_NETWORKS",
                    networks,
                    "set it to networks with commas between them, such as 10.1.0.0/16,fd00:1::/64");
        }
    }
}
