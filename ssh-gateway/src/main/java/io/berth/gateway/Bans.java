// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Networks that nothing is taken from, by the platform's word. Looking one address up costs a step for each length of prefix. */
final class Bans {
    static final Bans NONE = new Bans(0, List.of());

    private static final int IPV4_BYTES = 4;

    private final long version;
    private final List<Ban> list;
    private final Map<NetBlock, Map<InetAddress, Instant>> ipv4 = new HashMap<>();
    private final Map<NetBlock, Map<InetAddress, Instant>> ipv6 = new HashMap<>();

    /**
     * One of them.
     *
     * @param network address, slash and prefix
     * @param until null for without an end
     */
    record Ban(String network, @Nullable Instant until) {}

    /** @throws IllegalArgumentException when one of them is no network */
    Bans(long version, List<Ban> list) {
        this.version = version;
        this.list = List.copyOf(list);
        for (Ban ban : list) {
            add(ban);
        }
    }

    private void add(Ban ban) {
        String[] parts = ban.network().split("/", 2);
        InetAddress address = InetAddress.ofLiteral(parts[0]);
        int prefix = Integer.parseInt(parts[1]);
        boolean isIpv4 = address.getAddress().length == IPV4_BYTES;
        var block = isIpv4 ? new NetBlock(prefix, 0) : new NetBlock(0, prefix);
        Instant until = ban.until();
        (isIpv4 ? ipv4 : ipv6)
                .computeIfAbsent(block, _ -> new HashMap<>())
                .put(block.of(address), until == null ? Instant.MAX : until);
    }

    /** Grows with each change on the platform; 0 for none of its lists. */
    long version() {
        return version;
    }

    List<Ban> list() {
        return new ArrayList<>(list);
    }

    boolean cover(InetAddress address, Instant now) {
        var blocks = address.getAddress().length == IPV4_BYTES ? ipv4 : ipv6;
        return blocks.entrySet().stream()
                .anyMatch(entry -> now.isBefore(
                        entry.getValue().getOrDefault(entry.getKey().of(address), Instant.MIN)));
    }
}
