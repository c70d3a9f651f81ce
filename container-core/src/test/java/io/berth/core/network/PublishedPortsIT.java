// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import static io.berth.core.network.FakeNode.OUTSIDE_IPV4;
import static io.berth.core.network.FakeNode.OUTSIDE_IPV6;
import static io.berth.core.network.FakeNode.UPLINK_IPV4;
import static io.berth.core.network.FakeNode.UPLINK_IPV6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.berth.core.linux.ProcessCalls;
import io.berth.core.spec.NetworkRules;
import io.berth.core.spec.Protocol;
import io.berth.core.spec.PublishedPort;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ports of the node that lead to containers, from where they are reached and from where they are not. */
class PublishedPortsIT {
    private static final int PUBLISHED = 20_080;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int SILENCE_MILLIS = 700; // what is dropped never answers; longer would only be slower
    private static final List<String> HOST = List.of(UPLINK_IPV4, UPLINK_IPV6);

    @TempDir
    static Path directory;

    private static FakeNode node;
    private static FakeContainer web;
    private static FakeContainer other;
    private ServerSocket server;

    @BeforeAll
    static void connectTwo() throws Exception {
        assumeTrue(ProcessCalls.getuid() == 0, "making network namespaces and links needs root");
        node = new FakeNode(directory);
        node.prepare();
        web = node.container();
        other = node.container();
        for (FakeContainer each : List.of(web, other)) {
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

    @BeforeEach
    void publishOne() throws Exception {
        server = node.listen(web.namespace());
        publish(port(Protocol.TCP, PUBLISHED));
    }

    private void publish(PublishedPort... ports) throws Exception {
        node.on(network -> network.apply(web.id(), new NetworkRules(List.of(ports))));
    }

    private PublishedPort port(Protocol protocol, int hostPort) {
        return new PublishedPort(protocol, hostPort, server.getLocalPort());
    }

    private InetAddress sourceSeenFrom(NetworkNamespace from, String address) throws Exception {
        server.setSoTimeout(PATIENCE_MILLIS);
        try (Socket socket = FakeNode.connect(from, null, InetAddress.ofLiteral(address), PUBLISHED);
                Socket accepted = server.accept()) {
            assertThat(accepted.getPort()).isEqualTo(socket.getLocalPort());
            return accepted.getInetAddress();
        }
    }

    @Test
    void outsideReachesItAndKeepsItsAddress() throws Exception {
        assertThat(sourceSeenFrom(node.outside, UPLINK_IPV4)).isEqualTo(InetAddress.ofLiteral(OUTSIDE_IPV4));
        assertThat(sourceSeenFrom(node.outside, UPLINK_IPV6)).isEqualTo(InetAddress.ofLiteral(OUTSIDE_IPV6));
    }

    @Test
    void hostReachesItAtItsOwnAddressAndNotByLoopback() throws Exception {
        assertThat(sourceSeenFrom(node.host, UPLINK_IPV4)).isEqualTo(InetAddress.ofLiteral(UPLINK_IPV4));
        assertThat(sourceSeenFrom(node.host, UPLINK_IPV6)).isEqualTo(InetAddress.ofLiteral(UPLINK_IPV6));
        assertThat(FakeNode.reaches(node.host, InetAddress.ofLiteral("127.0.0.1"), PUBLISHED))
                .isFalse();
        assertThat(FakeNode.reaches(node.host, InetAddress.ofLiteral("::1"), PUBLISHED))
                .isFalse();
    }

    /** Hairpin: a container reaches another one's port, and its own, as the outside does; in the router's name. */
    @Test
    void containersReachItAtTheHostsAddress() throws Exception {
        for (FakeContainer from : List.of(other, web)) {
            assertThat(sourceSeenFrom(from.namespace(), UPLINK_IPV4)).isEqualTo(InetAddress.ofLiteral("10.77.0.1"));
            assertThat(sourceSeenFrom(from.namespace(), UPLINK_IPV6)).isEqualTo(InetAddress.ofLiteral("fd42:77::1"));
        }
        assertThat(FakeNode.reaches(other.namespace(), web.ipv4(), server.getLocalPort()))
                .as("past the published port")
                .isFalse();
    }

    @Test
    void onlyThatPortOfThatProtocolLeadsThere() throws Exception {
        try (DatagramSocket echo = echo(server.getLocalPort())) {
            assertThat(echo.isBound()).isTrue();
            for (String address : HOST) {
                InetAddress host = InetAddress.ofLiteral(address);
                assertThat(FakeNode.reaches(node.outside, host, PUBLISHED + 1)).isFalse();
                assertThat(FakeNode.reaches(node.outside, host, server.getLocalPort()))
                        .isFalse();
                assertThat(isEchoed(address, PUBLISHED)).isFalse();
            }
        }
    }

    @Test
    void datagramsPassBothWays() throws Exception {
        publish(port(Protocol.TCP, PUBLISHED), port(Protocol.UDP, PUBLISHED));
        try (DatagramSocket echo = echo(server.getLocalPort())) {
            assertThat(echo.isBound()).isTrue();
            for (String address : HOST) {
                assertThat(isEchoed(address, PUBLISHED)).isTrue();
            }
            publish(port(Protocol.TCP, PUBLISHED));
            for (String address : HOST) {
                assertThat(isEchoed(address, PUBLISHED)).as("closed again").isFalse();
            }
        }
    }

    @Test
    void openConnectionEndsWithThePort() throws Exception {
        server.setSoTimeout(PATIENCE_MILLIS);
        try (Socket socket = FakeNode.connect(node.outside, null, InetAddress.ofLiteral(UPLINK_IPV4), PUBLISHED);
                Socket accepted = server.accept()) {
            assertThat(arrives(socket, accepted)).isTrue();
            publish();
            assertThat(arrives(socket, accepted)).isFalse();
        }
        assertThat(FakeNode.reaches(node.outside, InetAddress.ofLiteral(UPLINK_IPV4), PUBLISHED))
                .isFalse();
    }

    @Test
    void twoPortsToTheSameOneCloseOneByOne() throws Exception {
        publish(port(Protocol.TCP, PUBLISHED), port(Protocol.TCP, PUBLISHED + 1));
        assertIsOpen(true, PUBLISHED, PUBLISHED + 1);
        publish(port(Protocol.TCP, PUBLISHED + 1));
        assertIsOpen(false, PUBLISHED);
        assertIsOpen(true, PUBLISHED + 1);
    }

    @Test
    void portLeadsElsewhereAtOnce() throws Exception {
        ServerSocket another = node.listen(web.namespace());
        publish(new PublishedPort(Protocol.TCP, PUBLISHED, another.getLocalPort()));
        another.setSoTimeout(PATIENCE_MILLIS);
        try (Socket socket = FakeNode.connect(node.outside, null, InetAddress.ofLiteral(UPLINK_IPV4), PUBLISHED);
                Socket accepted = another.accept()) {
            assertThat(accepted.getPort()).isEqualTo(socket.getLocalPort());
        }
    }

    @Test
    void restartOfTheAgentClosesNothing() throws Exception {
        server.setSoTimeout(PATIENCE_MILLIS);
        try (Socket socket = FakeNode.connect(node.outside, null, InetAddress.ofLiteral(UPLINK_IPV4), PUBLISHED);
                Socket accepted = server.accept()) {
            node.restartAgent(Map.of(web.id(), new NetworkRules(List.of(port(Protocol.TCP, PUBLISHED)))));
            assertThat(arrives(socket, accepted)).isTrue();
        }
        assertIsOpen(true, PUBLISHED);
        publish();
        assertIsOpen(false, PUBLISHED);
    }

    @Test
    void cutOffContainerIsNotReached() throws Exception {
        node.on(network -> network.cut(web.id()));
        assertIsOpen(false, PUBLISHED);
        assertThat(table()).doesNotContain("elements =");
        node.on(network -> network.restore(
                web.id(), FakeNode.NAME, FakeNode.TENANT, new NetworkRules(List.of(port(Protocol.TCP, PUBLISHED)))));
        await().atMost(Duration.ofSeconds(30)) // a link that has just come up is not used at once
                .untilAsserted(() -> assertIsOpen(true, PUBLISHED));
    }

    @Test
    void nothingIsLeftOfADisconnectedOne() throws Exception {
        FakeContainer third = node.container();
        NetworkRules rules = new NetworkRules(List.of(port(Protocol.UDP, PUBLISHED + 7)));
        node.on(network -> network.apply(third.id(), rules));
        assertThat(table()).contains("udp . 20087");
        node.on(network -> network.disconnect(third.id()));
        assertThat(table()).doesNotContain("udp . 20087");
    }

    @Test
    void portThatTheHostHasInUseIsKnown() throws Exception {
        ServerSocket own = node.listen(node.host);
        try (DatagramSocket datagrams = node.host.in(() -> new DatagramSocket(0))) {
            PublishedPort tcp = new PublishedPort(Protocol.TCP, own.getLocalPort(), 80);
            PublishedPort udp = new PublishedPort(Protocol.UDP, datagrams.getLocalPort(), 80);
            node.on(network -> assertThat(List.of(
                            network.isFree(tcp),
                            network.isFree(udp),
                            network.isFree(new PublishedPort(Protocol.TCP, PUBLISHED, 80))))
                    .containsExactly(false, false, true));
        }
    }

    private void assertIsOpen(boolean open, int... ports) throws Exception {
        for (int port : ports) {
            for (String address : HOST) {
                assertThat(FakeNode.reaches(node.outside, InetAddress.ofLiteral(address), port))
                        .as("%s port %s", address, port)
                        .isEqualTo(open);
            }
        }
    }

    private String table() throws Exception {
        return node.host.run("nft", "list", "table", "inet", node.settings.instance());
    }

    private static boolean arrives(Socket from, Socket at) throws IOException {
        from.getOutputStream().write(1);
        at.setSoTimeout(SILENCE_MILLIS);
        try {
            return at.getInputStream().read() == 1;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    /** Sends back what comes, until it is closed. */
    private DatagramSocket echo(int port) throws Exception {
        DatagramSocket socket =
                web.namespace().in(() -> new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("::"), port)));
        Thread.ofPlatform().daemon().name("echo").start(() -> {
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(new byte[16], 16);
                    socket.receive(packet);
                    socket.send(packet);
                }
            } catch (IOException e) {
                assertThat(socket.isClosed()).isTrue();
            }
        });
        return socket;
    }

    private boolean isEchoed(String address, int port) throws Exception {
        byte[] word = "hello".getBytes(StandardCharsets.US_ASCII);
        try (DatagramSocket socket = node.outside.in(() -> new DatagramSocket())) {
            socket.setSoTimeout(SILENCE_MILLIS);
            socket.connect(InetAddress.ofLiteral(address), port);
            socket.send(new DatagramPacket(word, word.length));
            DatagramPacket answer = new DatagramPacket(new byte[16], 16);
            socket.receive(answer);
            return Arrays.equals(word, Arrays.copyOf(answer.getData(), answer.getLength()));
        } catch (IOException e) { // silence, or a port that is said to be unreachable
            return false;
        }
    }
}
