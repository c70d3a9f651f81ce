// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.core.access.AccessRules;
import io.berth.core.access.Endpoint;
import io.berth.core.access.ForwardingRules;
import io.berth.core.access.Sources;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.util.buffer.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing that a client sends ends the gateway or grows in it: what clients say, mutated, before the login, after it and within a
 * file transfer. Seeded, so that a failure comes again; {@code -Dberth.fuzz.rounds=10000 -Dberth.fuzz.seed=N} looks further.
 */
@Timeout(3600)
class FuzzIT {
    private static final int ROUNDS = Integer.getInteger("berth.fuzz.rounds", 40);
    private static final long SEED = Long.getLong("berth.fuzz.seed", 4711);
    private static final int PACKETS = 40; // a connection, or until the gateway has had enough
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** What classes and caches take that are met for the first time; a leak of 64 KiB a round is more. */
    private static final long MOST_GROWTH = 48L << 20;

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final Mutation mutation = new Mutation(random);
    private Harbour harbour;

    @BeforeEach
    void start() throws Exception {
        harbour = new Harbour(
                directory,
                Map.of("BERTH_SSH_PER_SOURCE_PENALTIES", "no", "BERTH_SSH_PROXY_PROTOCOL_FROM", "127.0.0.3"));
        harbour.agent.instead = "/usr/bin/cat"; // whatever a mutated command line says
        harbour.platform.rules = new AccessRules(
                Sources.EVERYWHERE,
                null,
                null,
                true,
                true,
                false,
                new ForwardingRules(
                        true,
                        true,
                        true,
                        List.of(Endpoint.parse("127.0.0.1:1")),
                        List.of(Endpoint.parse("127.0.0.1:1"))));
        assertThat(harbour.ssh("demo@127.0.0.1", "x").status()).isZero();
    }

    @AfterEach
    void stop() throws Exception {
        harbour.close();
    }

    /** One connection's worth of noise. */
    private interface Round {
        void send() throws Exception;
    }

    private void fuzz(Round round) throws Exception {
        round.send();
        long before = used();
        for (int i = 0; i < ROUNDS; i++) {
            round.send();
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(harbour.numbers()).contains("connections=0"));
        assertThat(used() - before).as("bytes more in use").isLessThan(MOST_GROWTH);
        assertThat(harbour.ssh("well-meant".getBytes(US_ASCII), "demo@127.0.0.1", "x")
                        .stdout())
                .isEqualTo("well-meant");
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static byte[] string(String text) {
        return ByteBuffer.allocate(Integer.BYTES + text.length())
                .putInt(text.length())
                .put(text.getBytes(US_ASCII))
                .array();
    }

    /** RFC 4253, section 6, unencrypted. */
    private static byte[] packet(byte[] payload) {
        int padding = 8 - (5 + payload.length) % 8 + 4;
        return ByteBuffer.allocate(5 + payload.length + padding)
                .putInt(1 + payload.length + padding)
                .put((byte) padding)
                .put(payload)
                .array();
    }

    /** An SSH_MSG_KEXINIT that the gateway can agree with. */
    private static byte[] proposal() {
        var payload = ByteBuffer.allocate(1024).put((byte) 20).put(new byte[16]);
        for (String names : List.of(
                "curve25519-sha256,kex-strict-c-v00@openssh.com",
                "ssh-ed25519",
                "aes128-ctr",
                "aes128-ctr",
                "hmac-sha2-256-etm@openssh.com",
                "hmac-sha2-256-etm@openssh.com",
                "none",
                "none",
                "",
                "")) {
            payload.put(string(names));
        }
        payload.put(new byte[5]);
        byte[] bytes = new byte[payload.position()];
        payload.get(0, bytes);
        return bytes;
    }

    private void say(String from, byte[]... words) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), harbour.port()), 10_000);
            socket.setSoTimeout(30_000);
            for (byte[] word : words) {
                socket.getOutputStream().write(word);
            }
            socket.shutdownOutput();
            socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        } catch (SocketException e) {
            // the gateway has hung up in the middle of it
        }
    }

    @Test
    void transportBeforeTheLogin() throws Exception {
        byte[] point = ByteBuffer.allocate(37).put((byte) 30).putInt(32).array(); // SSH_MSG_KEX_ECDH_INIT
        fuzz(() -> {
            List<byte[]> words = new ArrayList<>();
            words.add(
                    random.nextInt(4) == 0
                            ? mutation.of("SSH-2.0-fuzz\r\n".getBytes(US_ASCII))
                            : "SSH-2.0-fuzz\r\n".getBytes(US_ASCII));
            words.add(random.nextBoolean() ? mutation.of(packet(proposal())) : packet(mutation.of(proposal())));
            random.nextBytes(point);
            point[0] = 30;
            ByteBuffer.wrap(point).putInt(1, 32);
            for (int more = random.nextInt(4); more > 0; more--) {
                words.add(random.nextBoolean() ? mutation.of(packet(point)) : packet(mutation.of(point)));
            }
            say("127.0.0.2", words.toArray(byte[][]::new));
        });
    }

    @Test
    void proxysHeader() throws Exception {
        byte[] line = "PROXY TCP4 192.0.2.7 192.0.2.99 4711 22\r\n".getBytes(US_ASCII);
        byte[] binary = ByteBuffer.allocate(28)
                .put("\r\n\r\n\0\r\nQUIT\n".getBytes(US_ASCII))
                .put(new byte[] {0x21, 0x11, 0, 12})
                .put(new byte[12])
                .array();
        fuzz(() -> say(
                "127.0.0.3", mutation.of(random.nextBoolean() ? line : binary), "SSH-2.0-fuzz\r\n".getBytes(US_ASCII)));
    }

    /** What a client may say once it is in, as message number and fields. */
    private static List<byte[]> vocabulary() {
        List<byte[]> words = new ArrayList<>();
        for (String type :
                List.of("session", "direct-tcpip", "direct-streamlocal@openssh.com", "x11", "forwarded-tcpip")) {
            words.add(message(90, type, 0, 1 << 21, 32_768, "127.0.0.1", 1, "127.0.0.1", 1));
        }
        for (String type : List.of(
                "pty-req",
                "x11-req",
                "env",
                "shell",
                "exec",
                "subsystem",
                "window-change",
                "signal",
                "break",
                "eow@openssh.com",
                "auth-agent-req@openssh.com",
                "exit-status",
                "keepalive@openssh.com")) {
            words.add(
                    message(98, 0, type, true, type.equals("subsystem") ? "sftp" : "LANG", "xterm", 80, 24, 0, 0, ""));
        }
        for (String type : List.of(
                "tcpip-forward",
                "cancel-tcpip-forward",
                "streamlocal-forward@openssh.com",
                "cancel-streamlocal-forward@openssh.com",
                "keepalive@openssh.com",
                "hostkeys-prove-00@openssh.com")) {
            words.add(message(80, type, true, "127.0.0.1", 0));
        }
        words.add(message(94, 0, "some input"));
        words.add(message(95, 0, 1, "some input"));
        words.add(message(93, 0, Integer.MAX_VALUE));
        words.add(message(96, 0));
        words.add(message(97, 0));
        words.add(message(91, 0, 0, 1 << 21, 32_768));
        words.add(message(92, 0, 1, "no", ""));
        words.add(message(99, 0));
        words.add(message(100, 0));
        words.add(message(81, ""));
        words.add(message(82, ""));
        words.add(message(50, "demo", "ssh-connection", "none"));
        words.add(message(5, "ssh-userauth"));
        words.add(message(61, 1, "x"));
        words.add(message(2, "ignored"));
        words.add(message(3, 7));
        words.add(message(4, true, "x", ""));
        words.add(message(7, 1, "ext-info-in-auth@openssh.com", "0"));
        words.add(message(192, "ping"));
        words.add(message(21, ""));
        words.add(proposal());
        return words;
    }

    private static byte[] message(int number, Object... fields) {
        var bytes = ByteBuffer.allocate(1024).put((byte) number);
        for (Object field : fields) {
            switch (field) {
                case Integer value -> bytes.putInt(value);
                case Boolean value -> bytes.put((byte) (value ? 1 : 0));
                default -> bytes.put(string(field.toString()));
            }
        }
        byte[] message = new byte[bytes.position()];
        bytes.get(0, message);
        return message;
    }

    private ClientSession connected(SshClient client) throws IOException {
        return client.connect("demo", "127.0.0.1", harbour.port())
                .verify(PATIENCE)
                .getSession();
    }

    private ClientSession loggedIn(SshClient client) throws Exception {
        ClientSession session = connected(client);
        session.addPublicKeyIdentity(
                new FileKeyPairProvider(harbour.key).loadKeys(null).iterator().next());
        session.auth().verify(PATIENCE);
        return session;
    }

    /** Until the gateway has had enough of it. */
    private void speak(ClientSession session, List<byte[]> words) {
        try {
            for (int i = 0; i < PACKETS && session.isOpen(); i++) {
                byte[] message = mutation.of(words.get(random.nextInt(words.size())));
                if (message.length > 0) {
                    Buffer packet = session.createBuffer(message[0], message.length);
                    packet.putRawBytes(message, 1, message.length - 1);
                    session.writePacket(packet);
                }
            }
        } catch (IOException | IllegalStateException e) {
            // it has hung up
        }
    }

    private static void leave(ClientSession session) throws IOException {
        session.close(false).await(Duration.ofMillis(30)); // what is written goes out; an answer may never come
        session.close(true).await(PATIENCE);
    }

    @Test
    void authenticationBehindTheKeyExchange() throws Exception {
        List<byte[]> words = vocabulary();
        for (String method : List.of("none", "password", "publickey", "keyboard-interactive", "hostbased")) {
            words.add(message(50, "demo", "ssh-connection", method, true, "ssh-ed25519", "key", "signature"));
        }
        words.add(message(5, "ssh-userauth"));
        try (SshClient client = SshClient.setUpDefaultClient()) {
            client.start();
            fuzz(() -> {
                ClientSession session = connected(client);
                speak(session, words);
                leave(session);
            });
        }
    }

    @Test
    void channelsAndRequestsOfWhoHasLoggedIn() throws Exception {
        List<byte[]> words = vocabulary();
        try (SshClient client = SshClient.setUpDefaultClient()) {
            client.start();
            fuzz(() -> {
                ClientSession session = loggedIn(client);
                speak(session, List.of(words.getFirst())); // channels for what follows
                speak(session, words);
                leave(session);
            });
        }
    }

    /** What is mutated goes both ways: the server in the container sends back what it gets. */
    @Test
    void fileTransfers() throws Exception {
        byte[] file = "/tmp/file".getBytes(US_ASCII);
        List<byte[]> words = new ArrayList<>();
        for (int type = 0; type < 256; type += type < 22 || (type > 99 && type < 106) ? 1 : 7) {
            words.add(ByteBuffer.allocate(64)
                    .putInt(60)
                    .put((byte) type)
                    .putInt(type)
                    .putInt(file.length)
                    .put(file)
                    .putInt(1)
                    .array());
        }
        try (SshClient client = SshClient.setUpDefaultClient()) {
            client.start();
            fuzz(() -> {
                ClientSession session = loggedIn(client);
                try (var channel = session.createSubsystemChannel("sftp")) {
                    channel.setOut(new ByteArrayOutputStream());
                    channel.open().verify(PATIENCE);
                    for (int i = 0; i < PACKETS; i++) {
                        channel.getInvertedIn().write(mutation.of(words.get(random.nextInt(words.size()))));
                    }
                    channel.getInvertedIn().close();
                    channel.waitFor(List.of(ClientChannelEvent.CLOSED), PATIENCE);
                    assertThat(channel.getExitStatus()).isZero();
                }
                leave(session);
            });
        }
    }
}
