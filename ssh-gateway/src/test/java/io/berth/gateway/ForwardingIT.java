// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.core.access.AccessRules;
import io.berth.core.access.Endpoint;
import io.berth.core.access.ForwardingRules;
import io.berth.core.access.Sources;
import io.berth.gateway.Harbour.Output;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Forwards of every kind, by OpenSSH's client; what is a container elsewhere is this machine here. */
@Timeout(120)
class ForwardingIT {
    private static final int MIB = 1024 * 1024;

    @TempDir
    Path directory;

    private Harbour harbour;
    private final List<Process> clients = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        harbour = new Harbour(directory);
    }

    @AfterEach
    void stop() throws Exception {
        for (Process client : clients) {
            client.destroyForcibly().waitFor();
        }
        harbour.close();
    }

    private Process client(String... arguments) throws Exception {
        Process client = new ProcessBuilder(harbour.command(harbour.key, arguments))
                .redirectError(directory.resolve("client").toFile())
                .start();
        clients.add(client);
        return client;
    }

    /** Sends back what it gets, then closes, each connection on a thread of its own. */
    private static ServerSocket echo() throws IOException {
        var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> answer(socket));
                }
            } catch (IOException e) {
                // the test is over
            }
        });
        return server;
    }

    private static void answer(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // the client has gone
        }
    }

    private static Socket connected(int port) {
        return await().ignoreExceptions()
                .until(() -> new Socket(InetAddress.getLoopbackAddress(), port), Socket::isConnected);
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Both directions at once, half-closed by the client, to the last byte. */
    private static void assertEchoes(Socket socket, int bytes) throws Exception {
        byte[] data = new byte[bytes];
        new Random(bytes).nextBytes(data);
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                socket.getOutputStream().write(data);
                socket.shutdownOutput();
            } catch (IOException e) {
                // what comes back says so
            }
        });
        assertThat(socket.getInputStream().readAllBytes()).isEqualTo(data);
        writer.join();
    }

    @Test
    void localForwardCarriesBothWaysAndEachEnd() throws Exception {
        try (ServerSocket server = echo()) {
            int port = freePort();
            client("-N", "-L", "127.0.0.1:" + port + ":127.0.0.1:" + server.getLocalPort(), "demo@127.0.0.1");
            for (int bytes : new int[] {0, 1, 8 * MIB}) {
                try (Socket socket = connected(port)) {
                    assertEchoes(socket, bytes);
                }
            }
        }
    }

    @Test
    void manyForwardedConnectionsRunSideBySide() throws Exception {
        try (ServerSocket server = echo()) {
            int port = freePort();
            client("-N", "-L", "127.0.0.1:" + port + ":127.0.0.1:" + server.getLocalPort(), "demo@127.0.0.1");
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                sockets.add(connected(port));
            }
            for (Socket socket : sockets) {
                try (socket) {
                    assertEchoes(socket, 1000);
                }
            }
            try (Socket another = connected(port)) {
                assertEchoes(another, 1000);
            }
        }
        assertThat(harbour.agent.tickets).as("forwards need no session").isEmpty();
    }

    @Test
    void connectionsBeyondTheLimitAreRefused() throws Exception {
        try (ServerSocket server = echo()) {
            int port = freePort();
            client("-N", "-L", "127.0.0.1:" + port + ":127.0.0.1:" + server.getLocalPort(), "demo@127.0.0.1");
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < Forwards.MOST_SOCKETS; i++) {
                Socket socket = connected(port);
                socket.getOutputStream().write(1);
                assertThat(socket.getInputStream().read()).isEqualTo(1);
                sockets.add(socket);
            }
            try (Socket another = connected(port)) {
                assertThat(another.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(directory.resolve("client"))
                    .content()
                    .contains("open failed: resource shortage: this connection has 128 forwarded ones already");
            for (Socket socket : sockets) {
                socket.close();
            }
            await().until(() -> {
                try (Socket again = connected(port)) {
                    again.getOutputStream().write(1);
                    return again.getInputStream().read() == 1;
                }
            });
        }
    }

    @Test
    void refusalSaysWhy() throws Exception {
        Output output = harbour.ssh("-W", "127.0.0.1:" + freePort(), "demo@127.0.0.1");
        assertThat(output.stderr()).contains("open failed: connect failed: nobody listens there");
        assertThat(output.status()).isEqualTo(255);
    }

    @Test
    void dynamicForwardConnectsWhereItIsTold() throws Exception {
        try (ServerSocket server = echo()) {
            int port = freePort();
            client("-N", "-D", "127.0.0.1:" + port, "demo@127.0.0.1");
            try (Socket socket = connected(port)) {
                int to = server.getLocalPort();
                // SOCKS4 CONNECT to 127.0.0.1
                socket.getOutputStream().write(new byte[] {4, 1, (byte) (to >> 8), (byte) to, 127, 0, 0, 1, 0});
                assertThat(socket.getInputStream().readNBytes(8)).startsWith(0, 90);
                assertEchoes(socket, MIB);
            }
        }
    }

    @Test
    void remoteForwardLeadsToTheClientOnAPortOfTheServersChoice() throws Exception {
        try (ServerSocket server = echo()) {
            Process client = client("-N", "-R", "127.0.0.1:0:127.0.0.1:" + server.getLocalPort(), "demo@127.0.0.1");
            Path said = directory.resolve("client");
            await().until(() -> Files.readString(said).contains("Allocated port"));
            int port = Integer.parseInt(Files.readString(said)
                    .replaceFirst("(?s).*Allocated port (\\d+) .*", "$1")
                    .strip());
            try (Socket socket = connected(port)) {
                assertEchoes(socket, 8 * MIB);
            }
            client.destroy();
            client.waitFor();
            await().until(() -> !isListening(port));
        }
    }

    @Test
    void clientThatDoesNotWantAConnectionKeepsItsOwn() throws Exception {
        int remote = freePort();
        Process client = client(
                "-R",
                "127.0.0.1:" + remote + ":127.0.0.1:" + freePort(),
                "demo@127.0.0.1",
                "read line; echo $line; exit 4");
        try (Socket socket = connected(remote)) {
            assertThat(socket.getInputStream().read())
                    .as("nobody listens at the client")
                    .isEqualTo(-1);
        }
        client.getOutputStream().write("alive\n".getBytes(UTF_8));
        client.getOutputStream().flush();
        assertThat(client.waitFor()).isEqualTo(4);
        assertThat(client.getInputStream().readAllBytes()).isEqualTo("alive\n".getBytes(UTF_8));
    }

    private static boolean isListening(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void remoteForwardIsCancelled() throws Exception {
        Path socket = directory.resolve("mux");
        client("-M", "-S", socket.toString(), "-N", "demo@127.0.0.1");
        await().until(() -> socket.toFile().exists());
        int port = freePort();
        String forward = "127.0.0.1:" + port + ":127.0.0.1:1";
        for (int i = 0; i < 2; i++) {
            Output asked = harbour.ssh("-S", socket.toString(), "-O", "forward", "-R", forward, "demo@127.0.0.1");
            assertThat(asked.status()).as(asked.stderr()).isZero();
            assertThat(isListening(port)).isTrue();
            Output ended = harbour.ssh("-S", socket.toString(), "-O", "cancel", "-R", forward, "demo@127.0.0.1");
            assertThat(ended.status()).as(ended.stderr()).isZero();
            await().until(() -> !isListening(port));
        }
    }

    @Test
    void takenPortIsRefused() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Output output = harbour.ssh(
                    "-o",
                    "ExitOnForwardFailure=yes",
                    "-R",
                    "127.0.0.1:" + taken.getLocalPort() + ":127.0.0.1:1",
                    "demo@127.0.0.1",
                    "true");
            assertThat(output.stderr()).contains("remote port forwarding failed");
            assertThat(output.status()).isEqualTo(255);
        }
    }

    @Test
    void unixSocketsAreForwardedBothWays() throws Exception {
        Path inner = directory.resolve("inner");
        Path outer = directory.resolve("outer");
        Path remote = directory.resolve("remote");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(inner));
            // out of the container and back into it
            client("-N", "-L", outer + ":" + inner, "-R", remote + ":" + outer, "demo@127.0.0.1");
            await().until(() -> Files.exists(outer) && Files.exists(remote));
            try (var client = SocketChannel.open(UnixDomainSocketAddress.of(remote));
                    SocketChannel accepted = server.accept()) {
                client.write(ByteBuffer.wrap("hello".getBytes(UTF_8)));
                client.shutdownOutput();
                assertThat(Channels.newInputStream(accepted).readAllBytes()).isEqualTo("hello".getBytes(UTF_8));
                accepted.write(ByteBuffer.wrap("goodbye".getBytes(UTF_8)));
                accepted.shutdownOutput();
                assertThat(Channels.newInputStream(client).readAllBytes()).isEqualTo("goodbye".getBytes(UTF_8));
            }
        }
    }

    @Test
    void clientsAgentAnswersInsideUntilTheConnectionEnds() throws Exception {
        Output output = Harbour.run(
                List.of(
                        "bash",
                        "-c",
                        "eval $(ssh-agent) >/dev/null; ssh-add -q \"$0\"; trap 'kill $SSH_AGENT_PID' EXIT; \"$@\"",
                        harbour.key.toString(),
                        "ssh",
                        "-F",
                        "none",
                        "-A",
                        "-p",
                        Integer.toString(harbour.port()),
                        "-o",
                        "StrictHostKeyChecking=no",
                        "-o",
                        "UserKnownHostsFile=/dev/null",
                        "demo@127.0.0.1",
                        "ssh-add -l; echo $SSH_AUTH_SOCK"),
                new byte[0]);
        assertThat(output.stdout()).as(output.stderr()).contains("(ED25519)").contains("/tmp/ssh-agent-");
        Path socket = Path.of(output.stdout().lines().toList().getLast());
        await().until(() -> !Files.exists(socket));
    }

    /** Logs in by the harbour's key with another key in the agent. */
    private List<String> withAgent(Path loaded, String command) {
        List<String> line = new ArrayList<>(List.of(
                "bash",
                "-c",
                "eval $(ssh-agent) >/dev/null; ssh-add -q \"$0\"; trap 'kill $SSH_AGENT_PID' EXIT; \"$@\"",
                loaded.toString()));
        for (String word : harbour.command(harbour.key, "-A", "demo@127.0.0.1", command)) {
            line.add(word.equals("IdentityAgent=none") ? "IdentityAgent=SSH_AUTH_SOCK" : word);
        }
        return line;
    }

    private static String fingerprint(Path key) throws Exception {
        return Harbour.run(List.of("ssh-keygen", "-lf", key + ".pub"), new byte[0])
                .stdout()
                .split(" ", -1)[1];
    }

    @Test
    void whatStaysInsideFindsTheAgentOfWhoeverCameLastAtTheSamePath() throws Exception {
        Path one = harbour.newKey("one", "ed25519");
        Path two = harbour.newKey("two", "ed25519");
        Path at = directory.resolve("at");
        Path go = harbour.gate("go");
        Path leave = harbour.gate("leave");
        Process first = new ProcessBuilder(withAgent(
                        one,
                        "cd " + directory + "; echo $SSH_AUTH_SOCK >at; ssh-add -l >alone; : >ready; "
                                + "read -r _ <go; ssh-add -l >both; : >seen; "
                                + "until ssh-add -l | grep -qF " + fingerprint(one) + "; do sleep 0.05; done"))
                .start();
        await().until(() -> Files.exists(directory.resolve("ready")));
        Process second = new ProcessBuilder(
                        withAgent(two, "cd " + directory + "; echo $SSH_AUTH_SOCK >there; : >came; read -r _ <leave"))
                .start();
        await().until(() -> Files.exists(directory.resolve("came")));
        Harbour.release(go);
        await().until(() -> Files.exists(directory.resolve("seen")));
        assertThat(directory.resolve("alone")).content().contains(fingerprint(one));
        assertThat(directory.resolve("both")).content().contains(fingerprint(two));
        assertThat(directory.resolve("there")).content().isEqualTo(Files.readString(at));
        Harbour.release(leave);
        assertThat(second.waitFor()).isZero();
        assertThat(first.waitFor()).isZero();
        await().until(() -> !Files.exists(Path.of(Files.readString(at).strip())));
        Output again = Harbour.run(withAgent(two, "echo $SSH_AUTH_SOCK; ssh-add -l"), new byte[0]);
        assertThat(again.stdout()).startsWith(Files.readString(at)).contains(fingerprint(two));
    }

    @Test
    void whereThePathIsTakenTheConnectionHasASocketOfItsOwn() throws Exception {
        String path = Harbour.run(withAgent(harbour.key, "echo $SSH_AUTH_SOCK"), new byte[0])
                .stdout()
                .strip();
        await().until(() -> !Files.exists(Path.of(path)));
        Files.createFile(Path.of(path));
        try {
            Output output = Harbour.run(withAgent(harbour.key, "echo $SSH_AUTH_SOCK; ssh-add -l"), new byte[0]);
            assertThat(output.stdout()).contains("agent-1").contains(fingerprint(harbour.key));
        } finally {
            Files.delete(Path.of(path));
        }
    }

    @Test
    void withoutAskingThereIsNoAgentAndNoDisplay() throws Exception {
        Output output = harbour.ssh("-o", "ForwardX11=yes", "demo@127.0.0.1", "echo [$SSH_AUTH_SOCK] [$DISPLAY]");
        assertThat(output.stdout()).isEqualTo("[] []\n");
    }

    private void permit(boolean ports, boolean agent, List<Endpoint> open, List<Endpoint> listen) {
        harbour.platform.rules = new AccessRules(
                Sources.EVERYWHERE,
                null,
                null,
                true,
                true,
                false,
                new ForwardingRules(ports, agent, true, open, listen));
    }

    @Test
    void keyForwardsOnlyWhatItsOptionsPermit() throws Exception {
        try (ServerSocket server = echo()) {
            String permitted = "127.0.0.1:" + server.getLocalPort();
            permit(true, true, List.of(Endpoint.parse(permitted)), List.of(Endpoint.parse("127.0.0.1:1")));
            assertThat(harbour.ssh("hi".getBytes(UTF_8), "-W", permitted, "demo@127.0.0.1")
                            .stdout())
                    .isEqualTo("hi");
            for (String other : new String[] {"localhost:" + server.getLocalPort(), "127.0.0.1:1"}) {
                assertThat(harbour.ssh("-W", other, "demo@127.0.0.1").stderr())
                        .contains("administratively prohibited: the options of this key");
            }
            assertListenIsRefused("127.0.0.1:0:127.0.0.1:1");
            assertListenIsRefused(directory.resolve("remote") + ":127.0.0.1:1");
            permit(false, false, List.of(), List.of());
            assertThat(harbour.ssh("-W", permitted, "demo@127.0.0.1").stderr()).contains("administratively prohibited");
            assertListenIsRefused("127.0.0.1:0:127.0.0.1:1");
        }
    }

    private void assertListenIsRefused(String forward) throws Exception {
        Output output = harbour.ssh("-o", "ExitOnForwardFailure=yes", "-R", forward, "demo@127.0.0.1", "true");
        assertThat(output.stderr()).contains("remote port forwarding failed");
        assertThat(output.status()).isEqualTo(255);
    }

    @Test
    void keyWithoutAgentForwardingGoesWithout() throws Exception {
        permit(true, false, List.of(), List.of());
        Output output = Harbour.run(
                List.of(
                        "ssh-agent",
                        "ssh",
                        "-F",
                        "none",
                        "-A",
                        "-i",
                        harbour.key.toString(),
                        "-p",
                        Integer.toString(harbour.port()),
                        "-o",
                        "StrictHostKeyChecking=no",
                        "-o",
                        "UserKnownHostsFile=/dev/null",
                        "demo@127.0.0.1",
                        "echo [$SSH_AUTH_SOCK]"),
                new byte[0]);
        assertThat(output.stdout()).as(output.stderr()).isEqualTo("[]\n");
    }

    @Test
    void gatewayIsAJumpHost() throws Exception {
        String proxy =
                String.join(" ", harbour.command(harbour.key, "-W", "127.0.0.1:" + harbour.port(), "demo@127.0.0.1"));
        Output output = harbour.ssh("-o", "ProxyCommand=" + proxy, "demo@127.0.0.1", "echo there");
        assertThat(output.stdout()).as(output.stderr()).isEqualTo("there\n");
    }

    @Test
    void forwardsAndSessionsShareAConnection() throws Exception {
        try (ServerSocket server = echo()) {
            int port = freePort();
            Process client = client(
                    "-L", "127.0.0.1:" + port + ":127.0.0.1:" + server.getLocalPort(), "demo@127.0.0.1", "cat; exit 3");
            try (Socket socket = connected(port)) {
                assertEchoes(socket, MIB);
            }
            client.getOutputStream().close();
            assertThat(client.waitFor()).isEqualTo(3);
        }
    }
}
