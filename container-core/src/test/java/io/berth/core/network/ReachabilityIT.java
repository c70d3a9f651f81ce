// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import static io.berth.core.network.FakeNode.OUTSIDE_IPV4;
import static io.berth.core.network.FakeNode.OUTSIDE_IPV6;
import static io.berth.core.network.FakeNode.UPLINK_IPV4;
import static io.berth.core.network.FakeNode.UPLINK_IPV6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.berth.core.linux.ProcessCalls;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What two containers reach, and what they don't. Each refusal has a control that the same thing works for whoever may. */
class ReachabilityIT {
    @TempDir
    static Path directory;

    private static FakeNode node;
    private static FakeContainer container;
    private static FakeContainer other;

    @BeforeAll
    static void connectTwo() throws Exception {
        assumeTrue(ProcessCalls.getuid() == 0, "making network namespaces and links needs root");
        node = new FakeNode(directory);
        node.prepare();
        node.startResolver();
        container = node.container();
        other = node.container();
        for (FakeContainer each : new FakeContainer[] {container, other}) {
            each.dhcp(directory);
            each.awaitIpv6();
        }
    }

    @AfterAll
    static void cleanUp() throws Exception {
        if (node != null) {
            node.close();
        }
    }

    @Test
    void outsideIsReachedUnderTheHostsAddresses() throws Exception {
        ServerSocket server = node.listen(node.outside);

        assertThat(sourceSeenBy(server, OUTSIDE_IPV4)).isEqualTo(InetAddress.ofLiteral(UPLINK_IPV4));
        assertThat(sourceSeenBy(server, OUTSIDE_IPV6)).isEqualTo(InetAddress.ofLiteral(UPLINK_IPV6));
    }

    @Test
    void namesAreResolvedByTheHostsResolver() {
        for (String server : new String[] {"10.77.0.1", "fd42:77::1"}) {
            await().atMost(Duration.ofSeconds(10))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(
                                    container.namespace().run("busybox", "nslookup", "-type=a", "name.example", server))
                            .contains("203.0.113.7"));
        }
    }

    @Test
    void neitherOwnNorOthersNamesAreServed() {
        for (String name : new String[] {"demo", "demo.acme", "2.0.77.10.in-addr.arpa"}) {
            assertThatThrownBy(() -> container.namespace().run("busybox", "nslookup", name, "10.77.0.1"))
                    .hasMessageContaining("can't find " + name);
        }
    }

    @Test
    void servicesOfTheHostAreNotReached() throws Exception {
        ServerSocket server = node.listen(node.host);
        for (String address : new String[] {"10.77.0.1", UPLINK_IPV4, "fd42:77::1", UPLINK_IPV6}) {
            InetAddress host = InetAddress.ofLiteral(address);
            assertThat(FakeNode.reaches(container.namespace(), host, server.getLocalPort()))
                    .isFalse();
            assertThat(FakeNode.reaches(node.host, host, server.getLocalPort())).isTrue();
        }
    }

    @Test
    void hostAnswersPing() throws Exception {
        assertThat(container.namespace().run("busybox", "ping", "-c", "1", "-W", "2", "10.77.0.1"))
                .contains("1 packets received");
        assertThat(container.namespace().run("busybox", "ping", "-6", "-c", "1", "-W", "2", "fd42:77::1"))
                .contains("1 packets received");
    }

    @Test
    void otherContainerIsNotReached() throws Exception {
        ServerSocket server = node.listen(other.namespace());
        for (InetAddress address : new InetAddress[] {other.ipv4(), other.ipv6()}) {
            assertThat(FakeNode.reaches(container.namespace(), address, server.getLocalPort()))
                    .isFalse();
            assertThat(FakeNode.reaches(node.host, address, server.getLocalPort()))
                    .isTrue();
        }
    }

    /** Around the isolated ports: through the router that the bridge is. */
    @Test
    void otherContainerIsNotReachedThroughTheRouter() throws Exception {
        ServerSocket server = node.listen(other.namespace());
        container.namespace().run("ip", "route", "add", other.ipv4().getHostAddress(), "via", "10.77.0.1");
        container
                .namespace()
                .run("ip", "-6", "route", "add", other.ipv6().getHostAddress(), "via", "fe80::1", "dev", "eth0");
        try {
            assertThat(FakeNode.reaches(container.namespace(), other.ipv4(), server.getLocalPort()))
                    .isFalse();
            assertThat(FakeNode.reaches(container.namespace(), other.ipv6(), server.getLocalPort()))
                    .isFalse();
        } finally {
            container.namespace().run("ip", "route", "del", other.ipv4().getHostAddress());
            container.namespace().run("ip", "-6", "route", "del", other.ipv6().getHostAddress());
        }
    }

    @Test
    void containersAreNotReachedFromOutside() throws Exception {
        ServerSocket server = node.listen(container.namespace());
        node.outside.run("ip", "route", "add", "10.77.0.0/24", "via", UPLINK_IPV4);
        node.outside.run("ip", "-6", "route", "add", "fd42:77::/64", "via", UPLINK_IPV6);

        assertThat(FakeNode.reaches(node.outside, container.ipv4(), server.getLocalPort()))
                .isFalse();
        assertThat(FakeNode.reaches(node.outside, container.ipv6(), server.getLocalPort()))
                .isFalse();
    }

    @Test
    void cloudMetadataIsNotReached() throws Exception {
        node.outside.run("ip", "addr", "add", "169.254.169.254/32", "dev", "out0");
        node.host.run("ip", "route", "add", "169.254.169.254", "via", OUTSIDE_IPV4);
        ServerSocket server = node.listen(node.outside);
        InetAddress metadata = InetAddress.ofLiteral("169.254.169.254");

        assertThat(FakeNode.reaches(container.namespace(), metadata, server.getLocalPort()))
                .isFalse();
        assertThat(FakeNode.reaches(node.host, metadata, server.getLocalPort())).isTrue();
    }

    /** Addresses that are nobody's, so that nothing but the pins stands in the way. */
    @Test
    void addressesThatWereNotGivenAreDropped() throws Exception {
        ServerSocket server = node.listen(node.outside);
        assertThatThrownBy(() -> connectFrom("10.77.0.99", OUTSIDE_IPV4, server))
                .isInstanceOf(SocketTimeoutException.class);
        assertThatThrownBy(() -> connectFrom("fd42:77::bad", OUTSIDE_IPV6, server))
                .isInstanceOf(SocketTimeoutException.class);
    }

    private static void connectFrom(String source, String address, ServerSocket server) throws Exception {
        container.namespace().run("ip", "addr", "add", source, "dev", "eth0", "nodad");
        try (Socket socket = FakeNode.connect(
                container.namespace(),
                InetAddress.ofLiteral(source),
                InetAddress.ofLiteral(address),
                server.getLocalPort())) {
            assertThat(socket.isConnected()).isTrue();
        } finally {
            container.namespace().run("ip", "addr", "del", source, "dev", "eth0");
        }
    }

    @Test
    void borrowedMacAddressIsDropped() throws Exception {
        FakeContainer third = node.container();
        third.dhcp(directory);
        assertThat(third.namespace().run("busybox", "ping", "-c", "1", "-W", "2", "10.77.0.1"))
                .contains("1 packets received");
        third.namespace()
                .run(
                        "ip",
                        "link",
                        "set",
                        "eth0",
                        "address",
                        other.endpoint().mac().toString());

        assertThatThrownBy(() -> third.namespace().run("busybox", "ping", "-c", "1", "-W", "1", "10.77.0.1"))
                .hasMessageContaining("0 packets received");
        assertThat(node.host.run("bridge", "fdb", "show", "br", node.settings.bridge()))
                .contains(other.endpoint().mac() + " dev " + other.endpoint().hostInterface());
    }

    /** ARP cache poisoning: the router's answer goes to whom the address belongs. */
    @Test
    void nobodyClaimsAnothersAddressByArp() throws Exception {
        container.namespace().run("ip", "addr", "add", other.ipv4().getHostAddress() + "/32", "dev", "eth0");
        try {
            container
                    .namespace()
                    .run(
                            "busybox",
                            "arping",
                            "-U",
                            "-c",
                            "2",
                            "-I",
                            "eth0",
                            "-s",
                            other.ipv4().getHostAddress(),
                            other.ipv4().getHostAddress());
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("arping"); // nobody answers, which is its exit status 1
        } finally {
            container.namespace().run("ip", "addr", "del", other.ipv4().getHostAddress() + "/32", "dev", "eth0");
        }

        assertThat(node.host.run("ip", "neigh", "show", other.ipv4().getHostAddress()))
                .contains("lladdr " + other.endpoint().mac());
        assertThat(node.host.run("ip", "neigh", "show", other.ipv6().getHostAddress()))
                .contains("lladdr " + other.endpoint().mac() + " PERMANENT");
        assertThat(node.host.run("nft", "list", "chain", "bridge", node.settings.instance(), "resolution"))
                .containsPattern("counter packets [1-9]");
    }

    private static InetAddress sourceSeenBy(ServerSocket server, String address) throws Exception {
        try (Socket socket = FakeNode.connect(
                        container.namespace(), null, InetAddress.ofLiteral(address), server.getLocalPort());
                Socket accepted = server.accept()) {
            assertThat(socket.isConnected()).isTrue();
            return accepted.getInetAddress();
        }
    }
}
