// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.core.protocol.Refusal;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.NetworkMode;
import io.berth.core.spec.NetworkRules;
import io.berth.core.spec.Protocol;
import io.berth.core.spec.PublishedPort;
import io.berth.core.spec.QuarantineReason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Published ports of real containers, over the lives of containers and agents. Needs root. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublishIT {
    private static final String HOST = "10.202.0.1";
    private static final int PORT = 21_080;
    private static final NetworkRules WEB = publishing(PORT);

    @SuppressWarnings("NullAway.Init") // by open()
    private TestNode test;

    @BeforeAll
    void open() throws IOException {
        test = TestNode.open(RuntimeSettings.StorageDriver.OVERLAY, 8, HOST + "/16");
    }

    @AfterEach
    void deleteAll() {
        test.node().list().forEach(container -> test.remove(container.id()));
    }

    @AfterAll
    void close() {
        test.close();
    }

    private static NetworkRules publishing(int port) {
        return new NetworkRules(List.of(new PublishedPort(Protocol.TCP, port, 80)));
    }

    /** One whose web server says its name. */
    private ContainerId web(String name, NetworkRules rules) {
        ContainerId id = test.create(name, TestNode.SMALL, NetworkMode.NAT);
        test.node().changeNetworkRules(id, rules);
        test.node().start(id);
        serve(id, name);
        return id;
    }

    private void serve(ContainerId id, String name) {
        assertThat(test.run(
                                id,
                                "mkdir -p /tmp/www && echo " + name
                                        + " >/tmp/www/index.html && httpd -p 80 -h /tmp/www")
                        .err())
                .isEmpty();
    }

    private static String answer(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(HOST, port), 500);
            socket.setSoTimeout(5000);
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(UTF_8));
            String all = new String(socket.getInputStream().readAllBytes(), UTF_8);
            return all.substring(all.indexOf("\r\n\r\n") + 4).strip();
        } catch (IOException e) {
            return "none";
        }
    }

    private static void awaitAnswer(int port, String expected) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(answer(port)).isEqualTo(expected));
    }

    @Test
    void portIsOpenWhileItsContainerRuns() {
        ContainerId id = web("one", WEB);
        awaitAnswer(PORT, "one"); // its init asks for the address by DHCP
        test.node().stop(id, Duration.ofSeconds(5));
        assertThat(answer(PORT)).isEqualTo("none");
        test.node().start(id);
        serve(id, "again");
        awaitAnswer(PORT, "again");
    }

    @Test
    void runningContainersPortsChangeAtOnce() {
        ContainerId id = web("one", NetworkRules.NONE);
        test.node().changeNetworkRules(id, WEB);
        awaitAnswer(PORT, "one");
        assertThat(test.status(id).spec().networkRules()).isEqualTo(WEB);
        test.node().changeNetworkRules(id, publishing(PORT + 1));
        assertThat(answer(PORT)).isEqualTo("none");
        assertThat(answer(PORT + 1)).isEqualTo("one");
        test.node().changeNetworkRules(id, publishing(PORT + 1)); // asking again changes nothing
        assertThat(answer(PORT + 1)).isEqualTo("one");
    }

    @Test
    void nextAgentKeepsThem() {
        ContainerId id = web("one", WEB);
        awaitAnswer(PORT, "one");
        test.reopen();
        assertThat(answer(PORT)).isEqualTo("one");
        test.node().changeNetworkRules(id, NetworkRules.NONE);
        assertThat(answer(PORT)).isEqualTo("none");
    }

    @Test
    void portOfOneIsNobodyElses() {
        ContainerId one = web("one", WEB);
        ContainerId two = test.create("two", TestNode.SMALL, NetworkMode.NAT);
        for (Runnable taking : List.<Runnable>of(
                () -> test.node().changeNetworkRules(two, WEB),
                () -> test.node().create(new ContainerId(UUID.randomUUID()), spec("three", WEB)),
                () -> test.node().copy(new ContainerId(UUID.randomUUID()), spec("three", WEB), two, null))) {
            assertThatThrownBy(taking::run)
                    .isInstanceOfSatisfying(
                            ContainerException.class,
                            e -> assertThat(e.refusal()).isEqualTo(Refusal.CONFLICT))
                    .hasMessageContaining("21080/tcp")
                    .hasMessageNotContaining(one.toString())
                    .hasMessageNotContaining("one");
        }
        assertThat(test.node().list()).hasSize(2);
        test.reopen();
        assertThatThrownBy(() -> test.node().changeNetworkRules(two, WEB)).isInstanceOf(ContainerException.class);
        test.node().delete(one);
        test.node().changeNetworkRules(two, WEB);
        test.node().start(two);
        serve(two, "two");
        awaitAnswer(PORT, "two");
    }

    private ContainerSpec spec(String name, NetworkRules rules) {
        ContainerId any = test.node().list().getFirst().id();
        return test.status(any).spec().with(new ContainerName(name)).with(rules);
    }

    @Test
    void neitherTheNodesOwnPortsNorThoseOutsideTheRangeAreHad() throws IOException {
        ContainerId id = test.create("one", TestNode.SMALL, NetworkMode.NAT);
        assertThatThrownBy(() -> test.node().changeNetworkRules(id, publishing(22)))
                .hasMessageContaining("those are 21000-21999");
        try (ServerSocket own = new ServerSocket(PORT)) {
            assertThat(own.isBound()).isTrue();
            assertThatThrownBy(() -> test.node().changeNetworkRules(id, WEB))
                    .isInstanceOfSatisfying(
                            ContainerException.class,
                            e -> assertThat(e.refusal()).isEqualTo(Refusal.CONFLICT))
                    .hasMessageContaining("something on the node itself has 21080/tcp in use");
        }
        assertThat(test.status(id).spec().networkRules()).isEqualTo(NetworkRules.NONE);
    }

    @Test
    void quarantineClosesThem() {
        ContainerId id = web("one", WEB);
        awaitAnswer(PORT, "one");
        test.node().quarantine(id, new QuarantineReason("it sends spam"));
        assertThat(answer(PORT)).isEqualTo("none");
        assertThatThrownBy(() -> test.node().changeNetworkRules(id, NetworkRules.NONE))
                .isInstanceOf(ContainerException.class);
        test.reopen();
        assertThat(answer(PORT)).isEqualTo("none");
        test.node().release(id);
        awaitAnswer(PORT, "one");
    }

    @Test
    void frozenOnesAreClosed() {
        ContainerId id = web("one", WEB);
        awaitAnswer(PORT, "one");
        test.node().freeze(id);
        assertThat(answer(PORT)).isEqualTo("none");
        test.reopen();
        assertThat(answer(PORT)).isEqualTo("none");
        test.node().thaw(id);
        assertThat(answer(PORT)).isEqualTo("one");
    }

    @Test
    void containerWithoutNetworkHasNone() {
        ContainerId id = test.create("one");
        assertThatThrownBy(() -> test.node().changeNetworkRules(id, WEB))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.INVALID))
                .hasMessageContaining("networkRules");
    }
}
