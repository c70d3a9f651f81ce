// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.core.linux.AcceptedSocket;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.SocketCalls;
import io.berth.core.protocol.Endpoint;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.GuestUser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Sockets in a container, connected and listening. Needs root. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForwardIT {
    private static final GuestUser ROOT = new GuestUser("root");
    private static final GuestUser DEMO = new GuestUser("demo");
    private static final Endpoint ANY_PORT = new Endpoint.Tcp("localhost", 0);

    private TestNode test;
    private ContainerId id;

    @BeforeAll
    void open() throws IOException {
        test = TestNode.open(RuntimeSettings.StorageDriver.OVERLAY, 8);
    }

    @BeforeEach
    void start() {
        id = test.start("box");
        test.run(id, "ip link set lo up; chmod 1777 /tmp");
    }

    @AfterEach
    void deleteAll() {
        test.node().list().forEach(container -> test.node().delete(container.id()));
    }

    @AfterAll
    void close() {
        test.close();
    }

    private static String text(Fd socket) {
        return new String(FileCalls.readAll(socket), UTF_8);
    }

    private static int port(Listener listener) {
        return ((Endpoint.Tcp) listener.at()).port();
    }

    @Test
    void whatListensInsideIsReachedFromInside() throws IOException {
        try (Listener listener = test.node().listen(id, ROOT, ANY_PORT)) {
            assertThat(listener.fds()).hasSizeBetween(1, 2);
            Endpoint there = new Endpoint.Tcp("127.0.0.1", port(listener));
            try (Fd client = test.node().connect(id, DEMO, there)) {
                AcceptedSocket accepted = SocketCalls.accept4From(listener.fds().getFirst());
                try (Fd server = accepted.socket()) {
                    assertThat(accepted.peer().orElseThrow().getAddress().isLoopbackAddress())
                            .isTrue();
                    FileCalls.write(server, "hello".getBytes(UTF_8));
                }
                assertThat(text(client)).isEqualTo("hello");
            }
        }
    }

    @Test
    void loopbackIsTheContainersAndNeverTheHosts() throws IOException {
        try (var secret = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (String host : new String[] {"127.0.0.1", "localhost", "::ffff:127.0.0.1", "0.0.0.0"}) {
                Endpoint there = new Endpoint.Tcp(host, secret.getLocalPort());
                assertThatThrownBy(() -> test.node().connect(id, ROOT, there))
                        .isInstanceOf(ContainerException.class)
                        .hasMessageContaining("nobody listens there");
            }
        }
        try (Listener listener = test.node().listen(id, ROOT, ANY_PORT);
                var same = new ServerSocket(port(listener), 1, InetAddress.getLoopbackAddress())) {
            assertThat(same.isBound()).as("the port is free on the host").isTrue();
        }
    }

    @Test
    void withoutNetworkThereIsNoWayOut() {
        assertThatThrownBy(() -> test.node().connect(id, ROOT, new Endpoint.Tcp("169.254.169.254", 80)))
                .isInstanceOf(ContainerException.class)
                .hasMessageContaining("the container has no way there");
    }

    @Test
    void pathsAreTheContainersWithTheUsersRights(@TempDir Path host) throws IOException {
        Path agent = Files.createFile(host.resolve("agent.sock"));
        assertThatThrownBy(() -> test.node().connect(id, ROOT, new Endpoint.Unix(agent.toString())))
                .isInstanceOf(ContainerException.class)
                .hasMessageContaining("there is no such socket");
        test.run(id, "mkdir -m 700 /root/private");
        try (Listener _ = test.node().listen(id, ROOT, new Endpoint.Unix("/root/private/s"))) {
            assertThatThrownBy(() -> test.node().connect(id, DEMO, new Endpoint.Unix("/root/private/s")))
                    .isInstanceOf(ContainerException.class)
                    .hasMessageContaining("EACCES");
            assertThatThrownBy(() -> test.node().listen(id, DEMO, new Endpoint.Unix("/root/private/t")))
                    .isInstanceOf(ContainerException.class)
                    .hasMessageContaining("EACCES");
        }
    }

    @Test
    void unixSocketGoesWithItsListener() {
        Listener listener = test.node().listen(id, DEMO, new Endpoint.Unix("/tmp/s"));
        assertThat(test.run(id, "stat -c '%U %a %F' /tmp/s").out()).isEqualTo("demo 600 socket\n");
        try (Fd _ = test.node().connect(id, DEMO, new Endpoint.Unix("/tmp/s"));
                Fd accepted = SocketCalls.accept4(listener.fds().getFirst())) {
            assertThat(accepted.isOpen()).isTrue();
        }
        assertThat(test.run(id, "ls /tmp").out()).isEqualTo("s\n");
        listener.close();
        await().until(() -> test.run(id, "ls /tmp").out().isEmpty());
    }

    @Test
    void privateSocketHasADirectoryThatOnlyItsUserEnters() {
        try (Listener listener = test.node().listen(id, DEMO, new Endpoint.Private())) {
            String path = ((Endpoint.Unix) listener.at()).path();
            assertThat(path).matches("/tmp/ssh-[0-9a-f]{16}/socket");
            assertThat(test.run(id, "stat -c '%U %a' " + path.replace("/socket", ""))
                            .out())
                    .isEqualTo("demo 700\n");
        }
        await().until(() -> test.run(id, "ls /tmp").out().isEmpty());
    }

    @Test
    void deadSocketIsReplacedAndNothingElse() {
        test.run(id, "echo precious > /tmp/file; ln -s /tmp/file /tmp/link; mkdir /tmp/dir");
        for (String path : new String[] {"/tmp/file", "/tmp/link", "/tmp/dir"}) {
            assertThatThrownBy(() -> test.node().listen(id, ROOT, new Endpoint.Unix(path)))
                    .isInstanceOf(ContainerException.class)
                    .hasMessageContaining("EADDRINUSE");
        }
        assertThat(test.run(id, "cat /tmp/link").out()).isEqualTo("precious\n");
        try (Listener _ = test.node().listen(id, ROOT, new Endpoint.Unix("/tmp/s"))) {
            assertThatThrownBy(() -> test.node().listen(id, ROOT, new Endpoint.Unix("/tmp/s")))
                    .isInstanceOf(ContainerException.class)
                    .hasMessageContaining("EADDRINUSE");
            test.run(id, "ln /tmp/s /tmp/left"); // a name that outlives it
        }
        await().until(() -> !test.run(id, "ls /tmp").out().contains("s\n"));
        try (Listener again = test.node().listen(id, ROOT, new Endpoint.Unix("/tmp/left"))) {
            assertThat(again.kept()).isTrue();
        }
    }

    @Test
    void usersCannotTakePortsOfRoots() {
        test.run(id, "echo 1024 > /proc/sys/net/ipv4/ip_unprivileged_port_start");
        assertThatThrownBy(() -> test.node().listen(id, DEMO, new Endpoint.Tcp("127.0.0.1", 80)))
                .isInstanceOf(ContainerException.class)
                .hasMessageContaining("only root may use a port below 1024");
    }

    @Test
    void takenPortAndForeignAddressAreNamed() {
        try (Listener listener = test.node().listen(id, ROOT, new Endpoint.Tcp("", 0))) {
            Endpoint same = new Endpoint.Tcp("127.0.0.1", port(listener));
            assertThatThrownBy(() -> test.node().listen(id, ROOT, same)).hasMessageContaining("another program does");
        }
        assertThatThrownBy(() -> test.node().listen(id, ROOT, new Endpoint.Tcp("192.0.2.1", 0)))
                .hasMessageContaining("it is no address of the container's");
        assertThatThrownBy(() -> test.node().listen(id, ROOT, new Endpoint.Tcp("example.org", 0)))
                .hasMessageContaining("is no address to listen at");
    }

    /** busybox has no getent; one of the tenant's own says what it likes, and only an address counts. */
    @Test
    void namesAreTheContainersToResolve() {
        assertThatThrownBy(() -> test.node().connect(id, ROOT, new Endpoint.Tcp("box", 80)))
                .hasMessageContaining("it has no getent(1) to ask");
        test.run(id, """
                mkdir -p /usr/bin; cat > /usr/bin/getent <<'END'
                #!/bin/sh
                [ "$1 $2" = "ahosts box" ] || exit 2
                echo "$(id -un) STREAM"; echo "127.0.0.9   STREAM box"; echo '127.0.0.9 DGRAM'
                END
                chmod 755 /usr/bin/getent
                """);
        try (Listener listener = test.node().listen(id, ROOT, new Endpoint.Tcp("127.0.0.9", 0))) {
            Endpoint there = new Endpoint.Tcp("box", port(listener));
            try (Fd socket = test.node().connect(id, DEMO, there)) {
                assertThat(socket.isOpen()).isTrue();
            }
        }
        assertThatThrownBy(() -> test.node().connect(id, ROOT, new Endpoint.Tcp("other", 80)))
                .hasMessageContaining("the container does not know the host 'other'");
    }

    /** What connects slowly has a process of its own; the door forks the next one meanwhile. */
    @Test
    void slowConnectionKeepsNobodyElseOut() throws Exception {
        test.run(
                id, "mkdir -p /usr/bin; printf '#!/bin/sh\\nsleep 60\\n' > /usr/bin/getent; chmod 755 /usr/bin/getent");
        Thread slow = Thread.ofPlatform().daemon().start(() -> {
            try {
                test.node()
                        .connect(id, ROOT, new Endpoint.Tcp("slow.example", 80))
                        .close();
            } catch (ContainerException e) {
                // the resolver did not answer: that is what this is about
            }
        });
        await().until(() -> !test.run(id, "pidof sleep").out().isEmpty());
        assertThat(test.run(id, "echo in").out()).isEqualTo("in\n");
        test.run(id, "killall sleep");
        slow.join();
    }

    @Test
    void nothingStaysBehind() throws IOException {
        await().untilAsserted(() -> assertThat(programs()).as("boot is over").doesNotContain("network"));
        String before = programs();
        for (int i = 0; i < 20; i++) {
            try (Listener listener = test.node().listen(id, DEMO, ANY_PORT);
                    Fd client = test.node().connect(id, DEMO, new Endpoint.Tcp("localhost", port(listener)))) {
                assertThat(client.isOpen()).isTrue();
            }
            try (Listener listener = test.node().listen(id, DEMO, new Endpoint.Private())) {
                assertThat(listener.kept()).isTrue();
            }
        }
        await().untilAsserted(() -> assertThat(programs()).isEqualTo(before));
    }

    private String programs() {
        return test.run(id, "ps -o comm | sort").out();
    }
}
