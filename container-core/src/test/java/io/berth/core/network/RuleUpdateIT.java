// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.berth.core.linux.ProcessCalls;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.NetworkRules;
import io.berth.core.spec.Protocol;
import io.berth.core.spec.PublishedPort;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a change of one container's rules costs beside those of a thousand others. Tells figures and wants none. */
class RuleUpdateIT {
    private static final Logger LOG = LoggerFactory.getLogger(RuleUpdateIT.class);
    private static final int CONTAINERS = 1000;
    private static final int TURNS = 21;
    private static final Cidr IPV4 = Cidr.parse("10.79.0.1/16");
    private static final Cidr IPV6 = Cidr.parse("fd42:79::1/64");

    private final Ruleset ruleset = new Ruleset("many", "many0", IPV4, IPV6);
    private final Nftables nftables = new Nftables("many");
    private final Publications publications = new Publications(nftables, _ -> true);

    private static Endpoint endpoint(int number) {
        ContainerId id = new ContainerId(new UUID(((long) number << 40) | 0x4000, 0x8000000000000000L | number));
        var ipv4 = (Inet4Address) IPV4.at(BigInteger.valueOf(number + 2L));
        return Endpoints.of(id, Optional.of(ipv4), IPV6);
    }

    private static NetworkRules publishing(int number, int more) {
        return new NetworkRules(List.of(
                new PublishedPort(Protocol.TCP, 20_000 + number, 80 + more),
                new PublishedPort(Protocol.UDP, 20_000 + number, 53 + more)));
    }

    @Test
    void ofAThousandContainersOneChanges() throws Exception {
        assumeTrue(ProcessCalls.getuid() == 0, "making network namespaces needs root");
        try (var namespace = new NetworkNamespace()) {
            List<String> figures = namespace.in(this::measure);
            LOG.info("event=rule-update containers={} {}", CONTAINERS, String.join(" ", figures));
            assertThat(namespace.run("nft", "list", "table", "inet", "many")).contains("tcp . 20999 : ");
        }
    }

    private List<String> measure() {
        Map<Endpoint, NetworkRules> rules = new LinkedHashMap<>();
        for (int number = 0; number < CONTAINERS; number++) {
            rules.put(endpoint(number), publishing(number, 0));
        }
        String text = ruleset.text(rules.keySet(), publications.begin(rules));
        Endpoint last = endpoint(CONTAINERS - 1);
        return List.of(
                "allMillis=" + median(1, _ -> Tool.NFT.run(text, List.of("-f", "-"))) / 1000,
                "portsMicros=" + median(TURNS, turn -> publications.set(last, publishing(CONTAINERS - 1, turn))),
                "pinsMicros="
                        + median(TURNS, turn -> {
                            nftables.add(SetElement.of(endpoint(CONTAINERS + turn)));
                            nftables.remove(SetElement.of(endpoint(CONTAINERS + turn)));
                        }));
    }

    private static long median(int turns, IntConsumer work) {
        List<Long> micros = new ArrayList<>();
        for (int turn = 0; turn < turns; turn++) {
            long start = System.nanoTime();
            work.accept(turn);
            micros.add((System.nanoTime() - start) / 1000);
        }
        micros.sort(Long::compare);
        return micros.get(micros.size() / 2);
    }
}
