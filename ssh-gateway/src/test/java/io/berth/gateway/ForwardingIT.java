// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.gateway.Harbour.Output;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is forwarded in the gateway's own network, which reaches the platform and the database. */
@Timeout(120)
class ForwardingIT {
    @TempDir
    Path directory;

    private Harbour harbour;

    @BeforeEach
    void start() throws Exception {
        harbour = new Harbour(directory);
    }

    @AfterEach
    void stop() throws Exception {
        harbour.close();
    }

    @Test
    void connectionToTheGatewaysLoopbackIsRefused() throws Exception {
        try (var secret = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Output output = harbour.ssh("-W", "127.0.0.1:" + secret.getLocalPort(), "demo@127.0.0.1");
            assertThat(output.stderr()).contains("open failed").contains("stdio forwarding failed");
            assertThat(output.status()).isEqualTo(255);
            assertNobodyCame(secret);
        }
    }

    @Test
    void localForwardIsRefused() throws Exception {
        try (var secret = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = freePort();
            assertForwardIsDead(secret, port, "-L", "127.0.0.1:" + port + ":127.0.0.1:" + secret.getLocalPort());
        }
    }

    @Test
    void dynamicForwardIsRefused() throws Exception {
        try (var secret = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = freePort();
            Process client = forwarding("-D", "127.0.0.1:" + port);
            try (Socket socket = connected(port)) {
                // SOCKS4 CONNECT to 127.0.0.1; ssh answers 'granted' before it asks the server, then must hang up
                int to = secret.getLocalPort();
                socket.getOutputStream().write(new byte[] {4, 1, (byte) (to >> 8), (byte) to, 127, 0, 0, 1, 0});
                socket.setSoTimeout(20_000);
                assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThanOrEqualTo(8);
                assertNobodyCame(secret);
            } finally {
                client.destroyForcibly();
                client.waitFor();
            }
        }
    }

    @Test
    void remoteForwardIsRefused() throws Exception {
        int port = freePort();
        Output output = harbour.ssh(
                "-o", "ExitOnForwardFailure=yes", "-R", "127.0.0.1:" + port + ":127.0.0.1:1", "demo@127.0.0.1", "true");
        assertThat(output.stderr()).contains("remote port forwarding failed");
        assertThat(output.status()).isEqualTo(255);
    }

    @Test
    void unixSocketsAreRefusedBothWays() throws Exception {
        Path remote = directory.resolve("remote");
        Output output =
                harbour.ssh("-o", "ExitOnForwardFailure=yes", "-R", remote + ":127.0.0.1:1", "demo@127.0.0.1", "true");
        assertThat(output.status()).isEqualTo(255);
        assertThat(remote).doesNotExist();
        Path local = directory.resolve("local");
        Process client = forwarding("-L", local + ":/run/berth/agent.sock");
        try (var socket = java.nio.channels.SocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            await().until(() -> Files.exists(local));
            socket.connect(java.net.UnixDomainSocketAddress.of(local));
            assertThat(socket.read(java.nio.ByteBuffer.allocate(1))).isEqualTo(-1);
        } finally {
            client.destroyForcibly();
            client.waitFor();
        }
    }

    @Test
    void agentAndX11AreRefused() throws Exception {
        Output output = harbour.ssh("-A", "-o", "ForwardX11=yes", "demo@127.0.0.1", "echo [$SSH_AUTH_SOCK] [$DISPLAY]");
        assertThat(output.stdout()).isEqualTo("[] []\n");
    }

    private void assertForwardIsDead(ServerSocket secret, int port, String... option) throws Exception {
        Process client = forwarding(option);
        try (Socket socket = connected(port)) {
            socket.setSoTimeout(20_000);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertNobodyCame(secret);
        } finally {
            client.destroyForcibly();
            client.waitFor();
        }
    }

    private Process forwarding(String... option) throws Exception {
        return new ProcessBuilder(harbour.command(harbour.key, option[0], option[1], "-N", "demo@127.0.0.1")).start();
    }

    private static Socket connected(int port) {
        return await().ignoreExceptions()
                .until(() -> new Socket(InetAddress.getLoopbackAddress(), port), Socket::isConnected);
    }

    private static void assertNobodyCame(ServerSocket secret) throws Exception {
        secret.setSoTimeout(200);
        org.assertj.core.api.Assertions.assertThatThrownBy(secret::accept)
                .isInstanceOf(java.net.SocketTimeoutException.class);
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
