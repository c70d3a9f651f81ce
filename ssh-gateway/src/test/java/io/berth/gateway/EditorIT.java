// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an editor does that works in the container (VS Code's Remote-SSH, which can't be had here, by the shape of its traffic): a shell
 * gets a script on its input and starts a server that stays, the editor talks to it over dozens of forwarded connections and a Unix
 * socket, and comes back to it after its line was cut.
 */
@Timeout(120)
class EditorIT {
    private static final int CONNECTIONS = 64;

    /** Finds the server of an earlier connection, or starts one; says where it listens. */
    private static final String SCRIPT = """
            cd 'DIRECTORY' || exit 1
            if ! kill -0 "$(cat server.pid 2>/dev/null)" 2>/dev/null; then
                mkfifo ready
                setsid python3 -c '
            import socket, threading, os
            tcp = socket.create_server(("127.0.0.1", 0))
            unix = socket.socket(socket.AF_UNIX); unix.bind("server.sock"); unix.listen()
            def echo(one):
                while data := one.recv(65536):
                    one.sendall(data)
                one.close()
            def serve(at):
                while True:
                    threading.Thread(target=echo, args=(at.accept()[0],), daemon=True).start()
            open("server.port", "w").write(str(tcp.getsockname()[1]))
            open("server.pid", "w").write(str(os.getpid()))
            open("ready", "w").close()
            threading.Thread(target=serve, args=(unix,), daemon=True).start()
            serve(tcp)
            ' </dev/null >/dev/null 2>&1 &
                cat ready
                echo started
            fi
            echo "listening=$(cat server.port) pid=$(cat server.pid)"
            """;

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
        clients.forEach(Process::destroyForcibly);
        Path server = directory.resolve("server.pid");
        if (Files.exists(server)) {
            ProcessHandle.of(Long.parseLong(Files.readString(server).strip()))
                    .ifPresent(ProcessHandle::destroyForcibly);
        }
        harbour.close();
    }

    /** An editor's connection, once its script has said where the server is. */
    private record Line(Process client, int socks, Path socket, String said) {}

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Line line() throws Exception {
        int socks = freePort();
        Path socket = directory.resolve("editor-" + socks);
        Process client = new ProcessBuilder(harbour.command(
                        harbour.key,
                        "-T",
                        "-D",
                        "127.0.0.1:" + socks,
                        "-L",
                        socket + ":" + directory.resolve("server.sock"),
                        "demo@127.0.0.1",
                        "sh"))
                .start();
        clients.add(client);
        client.getOutputStream()
                .write(SCRIPT.replace("DIRECTORY", directory.toString()).getBytes(UTF_8));
        client.getOutputStream().flush(); // and stays open, as an editor's does
        BufferedReader said = client.inputReader(UTF_8);
        StringBuilder lines = new StringBuilder();
        for (String text = said.readLine(); text != null; text = said.readLine()) {
            lines.append(text).append('\n');
            if (text.startsWith("listening=")) {
                return new Line(client, socks, socket, lines.toString());
            }
        }
        throw new IOException(new String(client.getErrorStream().readAllBytes(), UTF_8));
    }

    private static int port(Line line) {
        return Integer.parseInt(line.said().replaceFirst("(?s).*listening=(\\d+) .*", "$1"));
    }

    /** SOCKS5 without authentication to a port of the container's loopback. */
    private static Socket through(Line line, int port) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), line.socks());
        socket.getOutputStream().write(new byte[] {5, 1, 0});
        assertThat(socket.getInputStream().readNBytes(2)).containsExactly(5, 0);
        socket.getOutputStream().write(new byte[] {5, 1, 0, 1, 127, 0, 0, 1, (byte) (port >> 8), (byte) port});
        assertThat(socket.getInputStream().readNBytes(10)).startsWith(5, 0);
        return socket;
    }

    private static void assertEchoes(Socket socket, String words) throws IOException {
        socket.getOutputStream().write(words.getBytes(UTF_8));
        assertThat(new String(socket.getInputStream().readNBytes(words.length()), UTF_8))
                .isEqualTo(words);
    }

    private static void assertEchoes(Path socket) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap("hello".getBytes(UTF_8)));
            var answer = ByteBuffer.allocate(5);
            while (answer.hasRemaining() && channel.read(answer) >= 0) {}
            assertThat(new String(answer.array(), UTF_8)).isEqualTo("hello");
        }
    }

    @Test
    void editorStartsItsServerTalksOverManyConnectionsAndComesBack() throws Exception {
        Line first = line();
        assertThat(first.said()).startsWith("started\n");
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            sockets.add(through(first, port(first)));
        }
        for (Socket socket : sockets) {
            assertEchoes(socket, "connection " + socket.getLocalPort());
        }
        assertEchoes(first.socket());
        first.client().destroyForcibly().waitFor(); // a lid was closed
        for (Socket socket : sockets) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            socket.close();
        }
        await().until(() -> harbour.numbers().contains("connections=0"));

        Line second = line();
        assertThat(second.said()).as("the same server").isEqualTo(first.said().replaceFirst("started\n", ""));
        try (Socket socket = through(second, port(second))) {
            assertEchoes(socket, "back again");
        }
        assertEchoes(second.socket());
        second.client().getOutputStream().close();
        assertThat(second.client().waitFor()).isZero();
    }
}
