// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import static io.berth.core.network.Rtnetlink.IFINFOMSG_LENGTH;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.SyscallException;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Asks the kernel about one port; changes nothing. */
final class PortReader {
    private static final int IFI_INDEX = 4; // in struct ifinfomsg, as the flags
    private static final int IFI_FLAGS = 8;

    private final String bridge;
    private final Nftables nftables;

    PortReader(String bridge, Nftables nftables) {
        this.bridge = bridge;
        this.nftables = nftables;
    }

    PortFacts read(Endpoint endpoint, Fd netns) {
        String name = endpoint.hostInterface();
        return new PortFacts(name, link(name, netns), pins(name), expectedPins(endpoint));
    }

    private Optional<PortFacts.Link> link(String name, Fd netns) {
        try (Netlink netlink = Netlink.route()) {
            NetlinkReply reply = netlink.ask(Rtnetlink.getLink(name));
            int master = netlink.ask(Rtnetlink.getLink(bridge)).body().getInt(IFI_INDEX);
            Optional<Integer> peer =
                    netlink.ask(Rtnetlink.getNamespaceId(netns)).attributes(4).int32(Rtnetlink.NETNSA_NSID);
            return Optional.of(link(reply, master, peer));
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENODEV) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static PortFacts.Link link(NetlinkReply reply, int master, Optional<Integer> peer) {
        Attributes link = reply.attributes(IFINFOMSG_LENGTH);
        Attributes port = link.nested(Rtnetlink.IFLA_LINKINFO)
                .flatMap(info -> info.nested(Rtnetlink.IFLA_INFO_SLAVE_DATA))
                .orElse(Attributes.of(new byte[0]));
        return new PortFacts.Link(
                (reply.body().getInt(IFI_FLAGS) & Rtnetlink.IFF_UP) != 0,
                link.int32(Rtnetlink.IFLA_MASTER).equals(Optional.of(master)),
                peer.isPresent() && link.int32(Rtnetlink.IFLA_LINK_NETNSID).equals(peer),
                port.isSet(Rtnetlink.IFLA_BRPORT_ISOLATED),
                port.isSet(Rtnetlink.IFLA_BRPORT_LOCKED),
                port.isSet(Rtnetlink.IFLA_BRPORT_LEARNING),
                port.isSet(Rtnetlink.IFLA_BRPORT_UNICAST_FLOOD));
    }

    private SortedSet<String> pins(String port) {
        SortedSet<String> pins = new TreeSet<>();
        for (NftSet set : NftSet.values()) {
            if (set.isOfPort()) {
                nftables.keys(set).stream()
                        .filter(key -> SetElement.portOf(key).equals(port))
                        .forEach(key -> pins.add(SetElement.describe(set, key)));
            }
        }
        return pins;
    }

    private static SortedSet<String> expectedPins(Endpoint endpoint) {
        List<SetElement> elements = SetElement.of(endpoint);
        SortedSet<String> pins = new TreeSet<>();
        elements.forEach(element -> pins.add(SetElement.describe(element.set(), element.bytes())));
        return pins;
    }
}
