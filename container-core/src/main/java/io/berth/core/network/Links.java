// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import static io.berth.core.network.Rtnetlink.IFADDRMSG_LENGTH;
import static io.berth.core.network.Rtnetlink.IFA_ADDRESS;
import static io.berth.core.network.Rtnetlink.IFINFOMSG_LENGTH;
import static io.berth.core.network.Rtnetlink.IFLA_IFALIAS;
import static io.berth.core.network.Rtnetlink.IFLA_IFNAME;
import static io.berth.core.network.Rtnetlink.IFLA_INFO_KIND;
import static io.berth.core.network.Rtnetlink.IFLA_LINKINFO;
import static io.berth.core.network.Rtnetlink.IFLA_MASTER;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.SyscallException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The node's bridge and its ports. */
final class Links {
    private final String bridge;

    Links(String bridge) {
        this.bridge = bridge;
    }

    /** Makes the bridge unless it is there; it is down, without addresses, if it was made. */
    void createBridge() {
        try (Netlink netlink = Netlink.route()) {
            try {
                netlink.execute(List.of(Rtnetlink.newBridge(bridge, MacAddress.of(bridge))));
            } catch (SyscallException e) {
                ignore(e, Errno.EEXIST);
            }
            NetlinkReply link = netlink.ask(Rtnetlink.getLink(bridge));
            String kind = kind(link.attributes(IFINFOMSG_LENGTH)).orElse("physical interface");
            if (!kind.equals("bridge")) {
                throw new NetworkException("interface '" + bridge + "' exists and is a " + kind
                        + ", not a bridge; rename it, or choose another BERTH_INSTANCE");
            }
        }
    }

    /** Gives the bridge exactly these addresses, an alias that says whose it is, and takes it up. */
    void address(List<Cidr> wanted, String alias) {
        try (Netlink netlink = Netlink.route()) {
            int index = index(netlink, bridge);
            List<NetlinkMessage> messages = new ArrayList<>();
            addresses(netlink, index).stream()
                    .filter(cidr -> !wanted.contains(cidr))
                    .forEach(cidr -> messages.add(Rtnetlink.deleteAddress(index, cidr)));
            wanted.forEach(cidr -> messages.add(Rtnetlink.newAddress(index, cidr)));
            messages.add(Rtnetlink.linkUp(index, alias));
            netlink.execute(messages);
        }
    }

    /** Makes a container's pair and its port, which is tied down before it goes up. */
    void connect(Endpoint endpoint, String alias, Fd netns) {
        try (Netlink netlink = Netlink.route()) {
            int index = index(netlink, bridge);
            NetlinkMessage veth = Rtnetlink.newVeth(endpoint, index, netns);
            try {
                netlink.execute(List.of(veth));
            } catch (SyscallException e) {
                ignore(e, Errno.EEXIST); // what a crashed agent left of an earlier start
                netlink.execute(List.of(Rtnetlink.deleteLink(endpoint.hostInterface())));
                netlink.execute(List.of(Rtnetlink.newVeth(endpoint, index, netns)));
            }
            int port = index(netlink, endpoint.hostInterface());
            List<NetlinkMessage> messages = new ArrayList<>();
            messages.add(Rtnetlink.newForwarding(port, endpoint.mac()));
            addresses(endpoint)
                    .forEach(address -> messages.add(Rtnetlink.newNeighbour(index, address, endpoint.mac())));
            messages.add(Rtnetlink.openPort(endpoint.hostInterface(), alias));
            netlink.execute(messages);
        }
    }

    /** Takes a container's port down, or up again; one that is gone is fine. */
    void setOpen(Endpoint endpoint, String alias, boolean open) {
        String port = endpoint.hostInterface();
        try (Netlink netlink = Netlink.route()) {
            netlink.execute(List.of(open ? Rtnetlink.openPort(port, alias) : Rtnetlink.closePort(port)));
        } catch (SyscallException e) {
            ignore(e, Errno.ENODEV);
        }
    }

    /** Removes a container's pair, and what the bridge knows of it; what is gone is fine. */
    void disconnect(Endpoint endpoint) {
        delete(endpoint.hostInterface());
        try (Netlink netlink = Netlink.route()) {
            Optional<Integer> index = find(netlink, bridge);
            if (index.isPresent()) {
                for (InetAddress address : addresses(endpoint)) {
                    forget(netlink, index.get(), address);
                }
            }
        }
    }

    /** Removes a link; one that is gone is fine. */
    void delete(String name) {
        try (Netlink netlink = Netlink.route()) {
            netlink.execute(List.of(Rtnetlink.deleteLink(name)));
        } catch (SyscallException e) {
            ignore(e, Errno.ENODEV);
        }
    }

    void deleteBridge() {
        delete(bridge);
    }

    /** The names of the bridge's ports; none where there is no bridge. */
    List<String> ports() {
        try (Netlink netlink = Netlink.route()) {
            Optional<Integer> index = find(netlink, bridge);
            return index.isEmpty()
                    ? List.of()
                    : netlink.dump(Rtnetlink.getPorts(index.get())).stream()
                            .map(reply -> reply.attributes(IFINFOMSG_LENGTH))
                            .filter(link -> link.int32(IFLA_MASTER).equals(index))
                            .flatMap(link -> link.text(IFLA_IFNAME).stream())
                            .toList();
        }
    }

    /** The aliases of all bridges but this one; empty for one that has none. */
    List<String> otherBridges() {
        try (Netlink netlink = Netlink.route()) {
            return netlink.dump(Rtnetlink.getLinks()).stream()
                    .map(reply -> reply.attributes(IFINFOMSG_LENGTH))
                    .filter(link -> kind(link).equals(Optional.of("bridge")))
                    .filter(link -> !link.text(IFLA_IFNAME).equals(Optional.of(bridge)))
                    .map(link -> link.text(IFLA_IFALIAS).orElse(""))
                    .toList();
        }
    }

    private static Optional<String> kind(Attributes link) {
        return link.nested(IFLA_LINKINFO).flatMap(info -> info.text(IFLA_INFO_KIND));
    }

    private static void forget(Netlink netlink, int index, InetAddress address) {
        try {
            netlink.execute(List.of(Rtnetlink.deleteNeighbour(index, address)));
        } catch (SyscallException e) {
            ignore(e, Errno.ENOENT);
        }
    }

    /** What the container is reached at. */
    private static List<InetAddress> addresses(Endpoint endpoint) {
        @Nullable
        InetAddress linkLocal = endpoint.ipv6() == null ? null : endpoint.mac().linkLocal();
        return Stream.<@Nullable InetAddress>of(endpoint.ipv4(), endpoint.ipv6(), linkLocal)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }

    private static List<Cidr> addresses(Netlink netlink, int index) {
        List<Cidr> addresses = new ArrayList<>();
        for (NetlinkReply reply : netlink.dump(Rtnetlink.getAddresses())) {
            ByteBuffer ifaddrmsg = reply.body();
            if (ifaddrmsg.getInt(4) == index) {
                int prefixLength = Byte.toUnsignedInt(ifaddrmsg.get(1));
                reply.attributes(IFADDRMSG_LENGTH)
                        .bytes(IFA_ADDRESS)
                        .ifPresent(bytes -> addresses.add(new Cidr(inetAddress(bytes), prefixLength)));
            }
        }
        return addresses;
    }

    private static InetAddress inetAddress(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an IFA_ADDRESS of " + bytes.length + " bytes", e);
        }
    }

    private static int index(Netlink netlink, String name) {
        return netlink.ask(Rtnetlink.getLink(name)).body().getInt(4); // ifi_index
    }

    private static Optional<Integer> find(Netlink netlink, String name) {
        try {
            return Optional.of(index(netlink, name));
        } catch (SyscallException e) {
            ignore(e, Errno.ENODEV);
            return Optional.empty();
        }
    }

    private static void ignore(SyscallException e, Errno tolerated) {
        if (e.errno() != tolerated) {
            throw e;
        }
    }
}
