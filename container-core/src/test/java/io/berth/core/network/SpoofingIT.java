// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.berth.core.linux.ProcessCalls;
import io.berth.core.network.Frames.Endpoints4;
import io.berth.core.network.Frames.Frame;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a container's root can say with raw frames, and who hears it. Host and neighbour are watched behind the bridge. That a frame was
 * dropped is known when a later, honest one of the same sender has come; that it would have been seen, by the same frame from whom it
 * would be right.
 */
class SpoofingIT {
    private static final String ROUTER = "10.77.0.1";
    private static final InetAddress ANYBODY = InetAddress.ofLiteral("203.0.113.9");
    private static final InetAddress EVERYBODY = InetAddress.ofLiteral("255.255.255.255");
    private static final InetAddress NOBODY = InetAddress.ofLiteral("0.0.0.0");
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir
    static Path directory;

    private static FakeNode node;
    private static FakeContainer mallory;
    private static FakeContainer victim;
    private static byte[] routerMac;
    private static Wire.Sender asMallory;
    private static Wire.Sender asVictim;
    private static Wire.Sender asHost;
    private static Wire.Watch host;
    private static Wire.Watch neighbour;

    @BeforeAll
    static void connectTwo() throws Exception {
        assumeTrue(ProcessCalls.getuid() == 0, "making network namespaces and links needs root");
        node = new FakeNode(directory);
        node.prepare();
        mallory = node.container();
        victim = node.container();
        for (FakeContainer each : new FakeContainer[] {mallory, victim}) {
            each.dhcp(directory);
            each.awaitIpv6();
        }
        String bridge = node.settings.bridge();
        routerMac = MacAddress.of(bridge).bytes();
        asMallory = new Wire.Sender(mallory.namespace(), "eth0", directory);
        asVictim = new Wire.Sender(victim.namespace(), "eth0", directory);
        asHost = new Wire.Sender(node.host, bridge, directory);
        host = new Wire.Watch(node.host, bridge, directory);
        neighbour = new Wire.Watch(victim.namespace(), "eth0", directory);
    }

    @AfterAll
    static void cleanUp() throws Exception {
        for (AutoCloseable each : new AutoCloseable[] {asMallory, asVictim, asHost, host, neighbour, node}) {
            if (each != null) {
                each.close();
            }
        }
    }

    private static String mark() {
        return Wire.MARK + "-" + NUMBER.incrementAndGet() + ";";
    }

    private static byte[] mac(FakeContainer container) {
        return container.endpoint().mac().bytes();
    }

    private static Frame plain(FakeContainer from, byte[] to, InetAddress source, InetAddress target) {
        return Frames.udp4(to, mac(from), new Endpoints4(source, 5000, target, 5000), new byte[0]);
    }

    /** What a sender may say; behind it nothing that was said before is still to come. */
    private static void settle() throws Exception {
        String honest = mark();
        asMallory.send(plain(mallory, routerMac, mallory.ipv4(), ANYBODY).marked(honest));
        host.await(honest);
        String last = mark();
        Frame fromRouter = Frames.udp4(
                mac(victim),
                routerMac,
                new Endpoints4(InetAddress.ofLiteral(ROUTER), 5000, victim.ipv4(), 5000),
                new byte[0]);
        asHost.send(fromRouter.marked(last));
        neighbour.await(last);
    }

    private static void assertDropped(Frame frame) throws Exception {
        String spoofed = mark();
        asMallory.send(frame.marked(spoofed));
        settle();
        assertThat(host.has(spoofed)).as("seen by the host").isFalse();
        assertThat(neighbour.has(spoofed)).as("seen by the neighbour").isFalse();
    }

    /** The control: from the victim, whose addresses these are, the host gets it. */
    private static void assertDroppedAndRightOfTheVictim(Frame frame) throws Exception {
        assertDropped(frame);
        String right = mark();
        asVictim.send(frame.marked(right));
        host.await(right);
    }

    /** The control: from the router, whose word it would be, the neighbour gets it. */
    private static void assertDroppedAndRightOfTheRouter(Frame frame) throws Exception {
        assertDropped(frame);
        String right = mark();
        asHost.send(frame.marked(right));
        neighbour.await(right);
    }

    @Test
    void anothersMacAddress() throws Exception {
        assertDroppedAndRightOfTheVictim(plain(victim, routerMac, victim.ipv4(), ANYBODY));
        assertDropped(plain(victim, routerMac, mallory.ipv4(), ANYBODY));
    }

    @Test
    void anothersIpv4Address() throws Exception {
        assertDropped(plain(mallory, routerMac, victim.ipv4(), ANYBODY));
        assertDropped(plain(mallory, routerMac, InetAddress.ofLiteral(ROUTER), ANYBODY));
        assertDropped(plain(mallory, routerMac, ANYBODY, InetAddress.ofLiteral(ROUTER)));
        assertDropped(plain(mallory, mac(victim), victim.ipv4(), victim.ipv4()));
    }

    @Test
    void anothersIpv6Address() throws Exception {
        byte[] ping = {(byte) 128, 0, 0, 0, 0, 1, 0, 1};
        InetAddress outside = InetAddress.ofLiteral("2001:db8::2");
        for (InetAddress address :
                new InetAddress[] {victim.ipv6(), victim.endpoint().mac().linkLocal()}) {
            assertDropped(Frames.icmp6(routerMac, mac(mallory), address, outside, ping));
            assertDroppedAndRightOfTheVictim(Frames.icmp6(routerMac, mac(victim), address, outside, ping));
        }
        assertDropped(Frames.icmp6(routerMac, mac(mallory), InetAddress.ofLiteral("fe80::1"), outside, ping));
    }

    /** Straight to the neighbour, with nothing false in it. */
    @Test
    void neighbourIsNotSpokenToAtAll() throws Exception {
        String direct = mark();
        asMallory.send(
                plain(mallory, mac(victim), mallory.ipv4(), victim.ipv4()).marked(direct));
        String everybody = mark();
        asMallory.send(
                plain(mallory, Frames.BROADCAST, mallory.ipv4(), EVERYBODY).marked(everybody));
        settle();
        assertThat(neighbour.has(direct)).isFalse();
        assertThat(neighbour.has(everybody)).isFalse();
        assertThat(host.has(everybody)).as("the control").isTrue();
    }

    @Test
    void anothersAddressByArp() throws Exception {
        InetAddress router = InetAddress.ofLiteral(ROUTER);
        for (int operation : new int[] {1, 2}) {
            byte[] own = mac(mallory);
            assertDropped(Frames.arp(Frames.BROADCAST, own, operation, own, victim.ipv4(), victim.ipv4()));
            assertDropped(Frames.arp(routerMac, own, operation, own, victim.ipv4(), router));
            assertDropped(Frames.arp(routerMac, own, operation, mac(victim), victim.ipv4(), router));
            assertDropped(Frames.arp(mac(victim), own, operation, own, router, victim.ipv4()));
        }
        Frame right = Frames.arp(routerMac, mac(victim), 2, mac(victim), victim.ipv4(), router);
        assertDroppedAndRightOfTheVictim(right);
        assertThat(node.host.run("ip", "neigh", "show", victim.ipv4().getHostAddress()))
                .contains("lladdr " + victim.endpoint().mac());
    }

    /** The source address is one's own; what is claimed is inside. */
    @Test
    void anothersAddressByNeighbourDiscovery() throws Exception {
        InetAddress own = mallory.endpoint().mac().linkLocal();
        InetAddress router = InetAddress.ofLiteral("fe80::1");
        for (InetAddress claimed :
                new InetAddress[] {victim.ipv6(), victim.endpoint().mac().linkLocal(), router}) {
            byte[] claim = Frames.advertisement(claimed, mac(mallory));
            assertDropped(Frames.icmp6(Frames.ALL_NODES_MAC, mac(mallory), own, Frames.ALL_NODES, claim));
        }
        byte[] right = Frames.advertisement(victim.ipv6(), mac(victim));
        assertDroppedAndRightOfTheVictim(Frames.icmp6(
                Frames.ALL_NODES_MAC, mac(victim), victim.endpoint().mac().linkLocal(), Frames.ALL_NODES, right));
    }

    @Test
    void routersOfNobodys() throws Exception {
        InetAddress own = mallory.endpoint().mac().linkLocal();
        byte[] advertised = Frames.routerAdvertisement(mac(mallory));
        assertDroppedAndRightOfTheRouter(
                Frames.icmp6(Frames.ALL_NODES_MAC, mac(mallory), own, Frames.ALL_NODES, advertised));
        byte[] redirect = Frames.redirect(own, InetAddress.ofLiteral("2001:db8::2"));
        assertDroppedAndRightOfTheRouter(Frames.icmp6(mac(victim), mac(mallory), own, victim.ipv6(), redirect));
    }

    @Test
    void dhcpServersOfNobodys() throws Exception {
        byte[] offer = Frames.dhcp(2, mac(victim), victim.ipv4(), 2);
        assertDroppedAndRightOfTheRouter(
                Frames.udp4(Frames.BROADCAST, mac(mallory), new Endpoints4(mallory.ipv4(), 67, EVERYBODY, 68), offer));
    }

    /** Declined, dnsmasq would not give the address to anybody for ten minutes; released, to anybody else. */
    @Test
    void anothersLease() throws Exception {
        InetAddress server = InetAddress.ofLiteral(ROUTER);
        for (int type : new int[] {1, 3, 4, 7}) {
            byte[] message = Frames.dhcp(1, mac(victim), victim.ipv4(), type);
            Endpoints4 asking = new Endpoints4(NOBODY, 68, EVERYBODY, 67);
            assertDropped(Frames.udp4(Frames.BROADCAST, mac(mallory), asking, message));
            Endpoints4 leaving = new Endpoints4(mallory.ipv4(), 68, server, 67);
            assertDropped(Frames.udp4(routerMac, mac(mallory), leaving, message));
        }
        byte[] right = Frames.dhcp(1, mac(victim), victim.ipv4(), 1);
        assertDroppedAndRightOfTheVictim(
                Frames.udp4(Frames.BROADCAST, mac(victim), new Endpoints4(NOBODY, 68, EVERYBODY, 67), right));
        victim.namespace().run("ip", "-4", "addr", "flush", "dev", "eth0");
        assertThat(victim.dhcp(directory)).contains("bound ip=" + victim.ipv4().getHostAddress() + " ");
    }

    @Test
    void whatIsNeitherIpNorArp() throws Exception {
        byte[] payload = "anything".getBytes(StandardCharsets.US_ASCII);
        Frame vlan = Frames.ethernet(Frames.BROADCAST, mac(mallory), 0x8100, payload);
        assertDropped(vlan);
        Frame bridges = Frames.ethernet(Frames.mac("01:80:c2:00:00:00"), mac(mallory), 0x0027, payload);
        assertDropped(bridges);
        assertDropped(Frames.ethernet(Frames.BROADCAST, mac(mallory), 0x88cc, payload));
        String right = mark();
        asHost.send(
                Frames.ethernet(Frames.BROADCAST, routerMac, 0x88cc, payload).marked(right));
        neighbour.await(right);
    }
}
