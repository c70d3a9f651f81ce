// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import static io.berth.core.network.NetlinkMessage.NLM_F_ACK;
import static io.berth.core.network.NetlinkMessage.NLM_F_CREATE;
import static io.berth.core.network.NetlinkMessage.NLM_F_DUMP;
import static io.berth.core.network.NetlinkMessage.NLM_F_EXCL;
import static io.berth.core.network.NetlinkMessage.NLM_F_REPLACE;

import io.berth.core.linux.Fd;
import java.net.Inet4Address;
import java.net.InetAddress;

/** The messages of rtnetlink(7) that a node's network consists of; numbers from include/uapi/linux/{rtnetlink,if_link,neighbour}.h. */
final class Rtnetlink {
    static final int IFINFOMSG_LENGTH = 16;
    static final int IFADDRMSG_LENGTH = 8;
    static final int IFLA_IFNAME = 3;
    static final int IFLA_MASTER = 10;
    static final int IFLA_LINKINFO = 18;
    static final int IFLA_IFALIAS = 20;
    static final int IFLA_INFO_KIND = 1;
    static final int IFA_ADDRESS = 1;
    static final int IFLA_LINK_NETNSID = 37;
    static final int NETNSA_NSID = 1; // include/uapi/linux/net_namespace.h

    private static final int RTM_NEWLINK = 16;
    private static final int RTM_DELLINK = 17;
    private static final int RTM_GETLINK = 18;
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_DELADDR = 21;
    private static final int RTM_GETADDR = 22;
    private static final int RTM_NEWNEIGH = 28;
    private static final int RTM_DELNEIGH = 29;
    private static final int RTM_GETNSID = 90;
    private static final int NETNSA_FD = 3;

    static final int IFF_UP = 1;
    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_NET_NS_FD = 28;
    private static final int IFLA_EXT_MASK = 29;
    private static final int IFLA_INFO_DATA = 2;
    private static final int IFLA_INFO_SLAVE_KIND = 4;
    static final int IFLA_INFO_SLAVE_DATA = 5;
    private static final int IFLA_BR_STP_STATE = 5;
    private static final int IFLA_BR_MCAST_SNOOPING = 23;
    static final int IFLA_BRPORT_LEARNING = 8;
    static final int IFLA_BRPORT_UNICAST_FLOOD = 9;
    static final int IFLA_BRPORT_ISOLATED = 33; // since Linux 4.18
    static final int IFLA_BRPORT_LOCKED = 39; // since Linux 5.18
    private static final int VETH_INFO_PEER = 1;
    private static final int RTEXT_FILTER_SKIP_STATS = 8;

    private static final int AF_UNSPEC = 0;
    private static final int AF_INET = 2;
    private static final int AF_BRIDGE = 7;
    private static final int AF_INET6 = 10;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_FLAGS = 8;
    private static final int IFA_F_NODAD = 0x2;
    private static final int SCOPE_UNIVERSE = 0;
    private static final int SCOPE_LINK = 253;
    private static final int NDA_DST = 1;
    private static final int NDA_LLADDR = 2;
    private static final int NUD_NOARP = 0x40;
    private static final int NUD_PERMANENT = 0x80;
    private static final int NTF_MASTER = 0x4;

    private Rtnetlink() {}

    /**
     * A bridge that keeps its address, does not take part in spanning trees, and does not guess from multicast memberships who wants
     * what.
     */
    static NetlinkMessage newBridge(String name, MacAddress mac) {
        var message = new NetlinkMessage(
                "RTM_NEWLINK(bridge " + name + ")", RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
        return ifinfomsg(message, 0, false)
                .text(IFLA_IFNAME, name)
                .attribute(IFLA_ADDRESS, mac.bytes())
                .nested(
                        IFLA_LINKINFO,
                        info -> info.text(IFLA_INFO_KIND, "bridge")
                                .nested(
                                        IFLA_INFO_DATA,
                                        data -> data.int32(IFLA_BR_STP_STATE, 0).int8(IFLA_BR_MCAST_SNOOPING, 0)));
    }

    /** A veth pair, one end a port of the bridge, the other eth0 in the container; both are down. */
    static NetlinkMessage newVeth(Endpoint endpoint, int bridge, Fd netns) {
        String name = endpoint.hostInterface();
        var message = new NetlinkMessage(
                "RTM_NEWLINK(veth " + name + ", eth0 in " + netns + ")",
                RTM_NEWLINK,
                NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
        return ifinfomsg(message, 0, false)
                .text(IFLA_IFNAME, name)
                .int32(IFLA_MASTER, bridge)
                .nested(
                        IFLA_LINKINFO,
                        info -> info.text(IFLA_INFO_KIND, "veth")
                                .nested(
                                        IFLA_INFO_DATA,
                                        data -> data.nested(
                                                VETH_INFO_PEER, peer -> eth0(peer, endpoint.mac(), netns))));
    }

    private static void eth0(NetlinkMessage peer, MacAddress mac, Fd netns) {
        ifinfomsg(peer, 0, false)
                .text(IFLA_IFNAME, "eth0")
                .attribute(IFLA_ADDRESS, mac.bytes())
                .int32(IFLA_NET_NS_FD, netns.number());
    }

    /**
     * Ties a port down and takes it up. Isolated: no frame passes to another such port. Neither learning nor flooding: only frames to
     * the container's own address reach it. Locked: only frames from that address are let in, see bridge(8).
     *
     * @param alias what operators see beside the name
     */
    static NetlinkMessage openPort(String name, String alias) {
        var message = new NetlinkMessage("RTM_NEWLINK(isolated port " + name + ", up)", RTM_NEWLINK, NLM_F_ACK);
        return ifinfomsg(message, 0, true)
                .text(IFLA_IFNAME, name)
                .text(IFLA_IFALIAS, alias) // at birth the kernel would ignore it
                .nested(
                        IFLA_LINKINFO,
                        info -> info.text(IFLA_INFO_SLAVE_KIND, "bridge")
                                .nested(
                                        IFLA_INFO_SLAVE_DATA,
                                        port -> port.int8(IFLA_BRPORT_ISOLATED, 1)
                                                .int8(IFLA_BRPORT_LEARNING, 0)
                                                .int8(IFLA_BRPORT_UNICAST_FLOOD, 0)
                                                .int8(IFLA_BRPORT_LOCKED, 1)));
    }

    /** @param alias what operators see beside the name */
    static NetlinkMessage linkUp(int index, String alias) {
        return ifinfomsg(new NetlinkMessage("RTM_NEWLINK(" + index + ", up)", RTM_NEWLINK, NLM_F_ACK), index, true)
                .text(IFLA_IFALIAS, alias);
    }

    /** Cuts a port off: nothing that its container sends is taken, and nothing reaches it. */
    static NetlinkMessage closePort(String name) {
        var message = new NetlinkMessage("RTM_NEWLINK(port " + name + ", down)", RTM_NEWLINK, NLM_F_ACK);
        return ifinfomsg(message, 0, 0, IFF_UP).text(IFLA_IFNAME, name);
    }

    /** By which number this network namespace knows another, as in IFLA_LINK_NETNSID. */
    static NetlinkMessage getNamespaceId(Fd netns) {
        return new NetlinkMessage("RTM_GETNSID(" + netns + ")", RTM_GETNSID, 0)
                .int8(AF_UNSPEC)
                .int8(0)
                .int16(0) // struct rtgenmsg has one byte; the rest is padding
                .int32(NETNSA_FD, netns.number());
    }

    static NetlinkMessage deleteLink(String name) {
        var message = new NetlinkMessage("RTM_DELLINK(" + name + ")", RTM_DELLINK, NLM_F_ACK);
        return ifinfomsg(message, 0, false).text(IFLA_IFNAME, name);
    }

    static NetlinkMessage getLink(String name) {
        return ifinfomsg(new NetlinkMessage("RTM_GETLINK(" + name + ")", RTM_GETLINK, 0), 0, false)
                .int32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)
                .text(IFLA_IFNAME, name);
    }

    static NetlinkMessage getLinks() {
        return ifinfomsg(new NetlinkMessage("RTM_GETLINK", RTM_GETLINK, NLM_F_DUMP), 0, false)
                .int32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    }

    /** The kernel lists this bridge's ports only, since Linux 4.4. */
    static NetlinkMessage getPorts(int bridge) {
        return ifinfomsg(new NetlinkMessage("RTM_GETLINK(ports of " + bridge + ")", RTM_GETLINK, NLM_F_DUMP), 0, false)
                .int32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)
                .int32(IFLA_MASTER, bridge);
    }

    /** Without duplicate detection, which on a bridge without ports would never end. */
    static NetlinkMessage newAddress(int index, Cidr cidr) {
        var message =
                new NetlinkMessage("RTM_NEWADDR(" + cidr + ")", RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE);
        return ifaddrmsg(message, index, cidr).int32(IFA_FLAGS, IFA_F_NODAD);
    }

    static NetlinkMessage deleteAddress(int index, Cidr cidr) {
        return ifaddrmsg(new NetlinkMessage("RTM_DELADDR(" + cidr + ")", RTM_DELADDR, NLM_F_ACK), index, cidr);
    }

    static NetlinkMessage getAddresses() {
        return new NetlinkMessage("RTM_GETADDR", RTM_GETADDR, NLM_F_DUMP)
                .int8(AF_UNSPEC)
                .int8(0)
                .int16(0)
                .int32(0);
    }

    /**
     * Who bears an address, for good: nobody can claim it by neighbour discovery. For IPv4 it holds until the container's first DHCP
     * only, when dnsmasq puts an ordinary entry in its place (SIOCSARP); there the rules of {@link Ruleset} alone see to it.
     */
    static NetlinkMessage newNeighbour(int bridge, InetAddress address, MacAddress mac) {
        var message = new NetlinkMessage(
                "RTM_NEWNEIGH(" + address.getHostAddress() + ", " + mac + ")",
                RTM_NEWNEIGH,
                NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE);
        return ndmsg(message, family(address), bridge, NUD_PERMANENT, 0)
                .attribute(NDA_DST, address.getAddress())
                .attribute(NDA_LLADDR, mac.bytes());
    }

    static NetlinkMessage deleteNeighbour(int bridge, InetAddress address) {
        var message = new NetlinkMessage("RTM_DELNEIGH(" + address.getHostAddress() + ")", RTM_DELNEIGH, NLM_F_ACK);
        return ndmsg(message, family(address), bridge, 0, 0).attribute(NDA_DST, address.getAddress());
    }

    /** Behind which port an Ethernet address is. NUD_NOARP is a static entry; NUD_PERMANENT would be the bridge's own. */
    static NetlinkMessage newForwarding(int port, MacAddress mac) {
        var message = new NetlinkMessage(
                "RTM_NEWNEIGH(bridge entry " + mac + ")", RTM_NEWNEIGH, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE);
        return ndmsg(message, AF_BRIDGE, port, NUD_NOARP, NTF_MASTER).attribute(NDA_LLADDR, mac.bytes());
    }

    /** struct ifinfomsg. */
    private static NetlinkMessage ifinfomsg(NetlinkMessage message, int index, boolean up) {
        int flags = up ? IFF_UP : 0;
        return ifinfomsg(message, index, flags, flags);
    }

    /** @param change which flags are meant */
    private static NetlinkMessage ifinfomsg(NetlinkMessage message, int index, int flags, int change) {
        return message.int8(AF_UNSPEC)
                .int8(0)
                .int16(0)
                .int32(index)
                .int32(flags)
                .int32(change);
    }

    /** struct ifaddrmsg, then the address. */
    private static NetlinkMessage ifaddrmsg(NetlinkMessage message, int index, Cidr cidr) {
        byte[] address = cidr.address().getAddress();
        return message.int8(family(cidr.address()))
                .int8(cidr.prefixLength())
                .int8(0)
                .int8(cidr.address().isLinkLocalAddress() ? SCOPE_LINK : SCOPE_UNIVERSE)
                .int32(index)
                .attribute(IFA_LOCAL, address)
                .attribute(IFA_ADDRESS, address);
    }

    /** struct ndmsg. */
    private static NetlinkMessage ndmsg(NetlinkMessage message, int family, int index, int state, int flags) {
        return message.int8(family)
                .int8(0)
                .int16(0)
                .int32(index)
                .int16(state)
                .int8(flags)
                .int8(0);
    }

    private static int family(InetAddress address) {
        return address instanceof Inet4Address ? AF_INET : AF_INET6;
    }
}
