// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

/** The sets and maps that the rules of {@link Ruleset} look up; the families are those of their tables. */
enum NftSet {
    /** Which ports of the bridge are guarded. */
    PORTS("ports", Family.BRIDGE),
    /** Which MAC address sends through which port; the next two, from which IP addresses. */
    SENDERS("senders", Family.BRIDGE),
    SENDERS_IPV4("senders4", Family.BRIDGE),
    SENDERS_IPV6("senders6", Family.BRIDGE),
    /** For which MAC address, in a DHCP message's own field, leases are asked for through which port. */
    CLIENTS("clients", Family.BRIDGE),
    /** Which IPv6 addresses are advertised to neighbours through which port. */
    TARGETS("targets", Family.BRIDGE),
    /** Where a published port leads. */
    PUBLISHED_IPV4("published4", Family.INET),
    PUBLISHED_IPV6("published6", Family.INET),
    /** What of containers is reached by published ports. */
    OPEN_IPV4("open4", Family.INET),
    OPEN_IPV6("open6", Family.INET);

    /** Numbers from include/uapi/linux/netfilter.h. */
    enum Family {
        INET(1),
        BRIDGE(7);

        private final int number;

        Family(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    private final String text;
    private final Family family;

    NftSet(String text, Family family) {
        this.text = text;
        this.family = family;
    }

    Family family() {
        return family;
    }

    /** Whether its elements begin with the name of a port of the bridge. */
    boolean isOfPort() {
        return family == Family.BRIDGE;
    }

    @Override
    public String toString() {
        return text;
    }
}
