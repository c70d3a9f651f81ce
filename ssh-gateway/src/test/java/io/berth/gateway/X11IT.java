// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.core.access.AccessRules;
import io.berth.core.access.ForwardingRules;
import io.berth.core.access.Sources;
import io.berth.gateway.Harbour.Output;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.util.buffer.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** ssh -X and -Y of OpenSSH's client, with xauth(1) on both sides and a display on the client's that says no. */
@Timeout(120)
class X11IT {
    private static final String COOKIE = "00112233445566778899aabbccddeeff";
    private static final int BASE_PORT = 6000;
    private static final int SETUP_BYTES = 12 + 20 + 16; // head, MIT-MAGIC-COOKIE-1 padded, cookie

    /** An X11 client's first words, with the cookie that xauth has for $DISPLAY; its answer is said as it comes. */
    private static final String SHOW_WINDOW = """
            cookie=$(xauth list "$DISPLAY" | awk '{print $3}')
            port=${DISPLAY##*:}; port=$((6000 + ${port%.*}))
            exec 3<>/dev/tcp/localhost/$port
            { printf 'l\\0\\13\\0\\0\\0\\22\\0\\20\\0\\0\\0MIT-MAGIC-COOKIE-1\\0\\0'; printf "$(sed 's/../\\\\x&/g' <<<$cookie)"; } >&3
            cat <&3
            """;

    @TempDir
    Path directory;

    private Harbour harbour;
    private ServerSocket display;
    private final BlockingQueue<byte[]> greetings = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() throws Exception {
        assertThat(Path.of("/usr/bin/xauth")).as("./berth test installs it").isExecutable();
        harbour = new Harbour(directory);
        harbour.agent.home = Files.createDirectory(directory.resolve("home")).toString();
        display = bound();
        Thread.startVirtualThread(this::show);
        assertThat(xauth("add", "localhost:" + number(), "MIT-MAGIC-COOKIE-1", COOKIE)
                        .status())
                .isZero();
    }

    /** Away from where the gateway's displays begin. */
    private static ServerSocket bound() throws IOException {
        for (int number = 200; ; number++) {
            try {
                return new ServerSocket(BASE_PORT + number, 8, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                assertThat(number).isLessThan(400);
            }
        }
    }

    private int number() {
        return display.getLocalPort() - BASE_PORT;
    }

    private void show() {
        try {
            while (true) {
                Socket client = display.accept();
                Thread.startVirtualThread(() -> refuse(client));
            }
        } catch (IOException e) {
            // the test is over
        }
    }

    private void refuse(Socket client) {
        try (client) {
            greetings.add(client.getInputStream().readNBytes(SETUP_BYTES));
            client.getOutputStream().write("not today".getBytes(US_ASCII));
        } catch (IOException e) {
            greetings.add(new byte[0]);
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (harbour != null) {
            display.close();
            harbour.close();
        }
    }

    private Output xauth(String... words) throws Exception {
        List<String> line = new ArrayList<>(
                List.of("xauth", "-f", directory.resolve("Xauthority").toString()));
        line.addAll(List.of(words));
        return Harbour.run(line, new byte[0]);
    }

    private Output withDisplay(String... arguments) throws Exception {
        return Harbour.run(line(arguments), new byte[0]);
    }

    private void permit(boolean x11) {
        harbour.platform.rules = new AccessRules(
                Sources.EVERYWHERE,
                null,
                null,
                true,
                true,
                false,
                new ForwardingRules(false, false, x11, List.of(), List.of()));
    }

    @Test
    void windowsOfTheContainersProgramsReachTheClientsDisplay() throws Exception {
        permit(true); // and nothing else
        Output output = withDisplay("-Y", "demo@127.0.0.1", "echo $DISPLAY; " + SHOW_WINDOW);
        assertThat(output.stdout()).as(output.stderr()).matches("localhost:1[0-9]\\.0\nnot today");
        byte[] greeting = greetings.poll(30, TimeUnit.SECONDS);
        assertThat(HexFormat.of().formatHex(greeting))
                .as("the display's own cookie")
                .endsWith(COOKIE);
        String port = output.stdout().replaceFirst("(?s)localhost:(\\d+).*", "$1");
        await().until(() -> !isListening(BASE_PORT + Integer.parseInt(port)));
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
    void withoutTheRightCookieNothingReachesTheDisplay() throws Exception {
        Output output = withDisplay(
                "-Y",
                "demo@127.0.0.1",
                "xauth remove $DISPLAY; xauth add $DISPLAY . " + "ff".repeat(16) + "; " + SHOW_WINDOW);
        assertThat(output.stdout()).doesNotContain("not today");
        assertThat(output.stderr()).contains("wrong authentication");
    }

    @Test
    void twoSessionsHaveTwoDisplays() throws Exception {
        Path control = directory.resolve("control");
        Process first = new ProcessBuilder(
                        line("-Y", "-M", "-S", control.toString(), "demo@127.0.0.1", "echo $DISPLAY; cat"))
                .start();
        try {
            String one = first.inputReader(StandardCharsets.UTF_8).readLine();
            String two = withDisplay("-Y", "-S", control.toString(), "demo@127.0.0.1", "echo $DISPLAY")
                    .stdout()
                    .strip();
            assertThat(two).startsWith("localhost:").isNotEqualTo(one);
        } finally {
            first.destroyForcibly().waitFor();
        }
    }

    private List<String> line(String... arguments) {
        List<String> line = new ArrayList<>(
                List.of("env", "DISPLAY=localhost:" + number(), "XAUTHORITY=" + directory.resolve("Xauthority")));
        line.addAll(harbour.command(harbour.key, arguments));
        return line;
    }

    @Test
    void keyWithoutX11GoesWithout() throws Exception {
        permit(false);
        Output output = withDisplay("-Y", "demo@127.0.0.1", "echo [$DISPLAY]");
        assertThat(output.stdout()).isEqualTo("[]\n");
        assertThat(output.stderr()).contains("X11 forwarding request failed");
    }

    @Test
    void withoutXauthTheSessionGoesOnWithoutADisplay() throws Exception {
        harbour.agent.home = "/nonexistent";
        Output output = withDisplay("-Y", "demo@127.0.0.1", "echo [$DISPLAY]");
        assertThat(output.stdout()).isEqualTo("[]\n");
    }

    /** In the container anything may bear that name. */
    @Test
    void xauthThatNeverEndsHoldsNothingOnceItsClientHasGone() throws Exception {
        Path slow = directory.resolve("slow");
        Files.createDirectory(slow);
        Path fake = Files.writeString(slow.resolve("xauth"), "#!/bin/sh\necho >" + slow + "/begun\nexec sleep 1000\n");
        Files.setPosixFilePermissions(fake, PosixFilePermissions.fromString("rwxr-xr-x"));
        harbour.agent.path = slow + ":/usr/bin:/bin";
        Process client = new ProcessBuilder(line("-Y", "demo@127.0.0.1", "true")).start();
        try {
            await().until(() -> Files.exists(slow.resolve("begun")));
            assertThat(busy()).isPositive();
        } finally {
            client.destroyForcibly().waitFor();
        }
        await().until(() -> busy() == 0);
    }

    private static long busy() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack ->
                        Arrays.stream(stack).anyMatch(at -> at.getMethodName().equals("authorise")))
                .count();
    }

    @Test
    void requestForOneConnectionGetsOneAndNoCommandsOfXauths() throws Exception {
        try (SshClient client = SshClient.setUpDefaultClient()) {
            client.start();
            try (ClientSession session = client.connect("demo", "127.0.0.1", harbour.port())
                    .verify(Duration.ofSeconds(20))
                    .getSession()) {
                session.addPublicKeyIdentity(new FileKeyPairProvider(harbour.key)
                        .loadKeys(null)
                        .iterator()
                        .next());
                session.auth().verify(Duration.ofSeconds(20));
                for (String cookie : List.of("ff\nsource /etc/shadow", "f", "", "zz")) { // CVE-2016-3115
                    assertThat(asked(session, false, cookie)).as(cookie).isEqualTo("[]");
                }
                assertThat(asked(session, true, COOKIE))
                        .as("the second of two finds nobody")
                        .startsWith("[localhost:")
                        .endsWith("]closed");
            }
        }
    }

    /** With a request of our own before a command that tries the display until nobody is there. */
    private static String asked(ClientSession session, boolean single, String cookie) throws Exception {
        String command =
                "printf '[%s]' $DISPLAY; port=${DISPLAY##*:}; port=$((6000 + ${port%.*})); [ $port = 6000 ] || "
                        + "{ while (exec 3<>/dev/tcp/localhost/$port) 2>/dev/null; do :; done; printf closed; }";
        var channel = new ChannelExec(command, null, Map.of()) {
            @Override
            protected void doOpen() throws IOException {
                Buffer packet = session.createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST);
                packet.putUInt(getRecipient());
                packet.putString("x11-req");
                packet.putBoolean(false); // want reply
                packet.putBoolean(single);
                packet.putString("MIT-MAGIC-COOKIE-1");
                packet.putString(cookie);
                packet.putUInt(0);
                writePacket(packet);
                super.doOpen();
            }
        };
        session.getService(ConnectionService.class).registerChannel(channel);
        var out = new ByteArrayOutputStream();
        channel.setOut(out);
        channel.open().verify(Duration.ofSeconds(20));
        channel.waitFor(List.of(ClientChannelEvent.CLOSED), Duration.ofSeconds(60));
        return out.toString(StandardCharsets.UTF_8);
    }
}
