// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.core.access.AccessRules;
import io.berth.core.access.Sources;
import io.berth.gateway.Harbour.Output;
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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers can take from those who mean well. The whole of 127.0.0.0/8 is this machine, so a test has many sources. */
@Timeout(120)
class HostilePeersIT {
    private static final Map<String, String> NO_PENALTIES = Map.of("BERTH_SSH_PER_SOURCE_PENALTIES", "no");

    @TempDir
    Path directory;

    private @Nullable Harbour harbour;
    private final List<Socket> silent = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : silent) {
            socket.close();
        }
        if (harbour != null) {
            harbour.close();
        }
    }

    private Harbour harbour(Map<String, String> limits) throws Exception {
        Harbour made = new Harbour(directory, limits);
        harbour = made;
        return made;
    }

    /** @return whether the gateway said anything */
    private boolean knock(Harbour at, String from) throws IOException {
        Socket socket = connected(at, from);
        silent.add(socket);
        socket.setSoTimeout(10_000);
        return heard(socket);
    }

    private static Socket connected(Harbour at, String from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), at.port()), 10_000);
        return socket;
    }

    private static boolean heard(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() == 'S';
        } catch (SocketException e) {
            return false; // reset
        }
    }

    @Test
    void silentConnectionsOfOneSourceAreBoundedAndOthersGetIn() throws Exception {
        Harbour at = harbour(NO_PENALTIES);
        for (int i = 0; i < 20; i++) {
            assertThat(knock(at, "127.0.0.2")).isTrue();
        }
        assertThat(knock(at, "127.0.0.2")).isFalse();
        assertThat(at.ssh("demo@127.0.0.1", "echo in").stdout()).isEqualTo("in\n");
        assertThat(at.numbers())
                .contains("refused-per-source-max-startups=1", "logged-in=1", "accepted=21", "startups=20");
    }

    @Test
    void floodFromManySourcesLeavesAShareUntilItIsFull() throws Exception {
        Harbour at = harbour(Map.of("BERTH_SSH_MAX_STARTUPS", "10:100:10", "BERTH_SSH_PER_SOURCE_PENALTIES", "no"));
        for (int i = 0; i < 10; i++) {
            assertThat(knock(at, "127.0.1." + (i + 1))).isTrue();
        }
        assertThat(knock(at, "127.0.2.1")).isFalse();
        assertThat(at.ssh("demo@127.0.0.1", "true").status()).isEqualTo(255);
        silent.removeFirst().close();
        await().untilAsserted(() ->
                assertThat(at.ssh("demo@127.0.0.1", "true").status()).isZero());
        assertThat(at.numbers()).contains("refused-max-startups=");
    }

    @Test
    void whoeverIsNotInWithinTheGraceTimeIsShownOutAndPenalised() throws Exception {
        Harbour at = harbour(Map.of(
                "BERTH_SSH_LOGIN_GRACE_TIME", "1",
                "BERTH_SSH_PER_SOURCE_PENALTIES", "grace-exceeded:1h min:1m"));
        Socket socket = connected(at, "127.0.0.2");
        silent.add(socket);
        socket.setSoTimeout(30_000);
        assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII)).startsWith("SSH-2.0-OpenSSH_Berth");
        await().untilAsserted(() -> assertThat(at.numbers()).contains("penalties-grace-exceeded=1"));
        assertThat(knock(at, "127.0.0.2")).isFalse();
        assertThat(at.ssh("demo@127.0.0.1", "true").status()).isZero();
        assertThat(at.numbers()).contains("refused-penalty=1", "penalised=1");
    }

    @Test
    void refusedKeysArePenalisedAndWhoeverGetsInIsNot() throws Exception {
        Harbour at = harbour(Map.of("BERTH_SSH_PER_SOURCE_PENALTIES", "authfail:1h min:1m"));
        Path stranger = at.newKey("stranger", "ed25519");
        assertThat(at.sshWith(stranger, "-i", at.key.toString(), "demo@127.0.0.1", "true")
                        .status())
                .isZero();
        assertThat(at.ssh("demo@127.0.0.1", "true").status()).isZero();
        assertThat(at.sshWith(stranger, "-b", "127.0.0.2", "demo@127.0.0.1", "true")
                        .stderr())
                .contains("Permission denied");
        await().untilAsserted(() -> assertThat(at.numbers()).contains("penalties-authfail=1"));
        Output output = at.ssh("-b", "127.0.0.2", "demo@127.0.0.1", "true");
        assertThat(output.status()).isEqualTo(255);
        assertThat(output.stderr()).doesNotContain("penal").doesNotContain("berth:");
        assertThat(at.ssh("demo@127.0.0.1", "true").status()).isZero();
    }

    @Test
    void nobodyIsPenalisedForAPlatformThatDoesNotAnswer() throws Exception {
        Harbour at = harbour(Map.of("BERTH_SSH_PER_SOURCE_PENALTIES", "authfail:1h noauth:1h min:1"));
        at.platform.close();
        assertThat(at.ssh("demo@127.0.0.1", "true").stderr()).contains(Banner.TRY_AGAIN.line());
        await().untilAsserted(() -> assertThat(at.numbers()).contains("connections=0"));
        assertThat(at.numbers()).contains("penalised=0");
    }

    @Test
    void exemptSourceIsNeverPenalised() throws Exception {
        Harbour at = harbour(Map.of(
                "BERTH_SSH_PER_SOURCE_PENALTIES", "noauth:1h min:1",
                "BERTH_SSH_PER_SOURCE_PENALTY_EXEMPT_LIST", "127.0.0.0/24"));
        for (int i = 0; i < 3; i++) {
            Socket socket = connected(at, "127.0.0.2");
            assertThat(heard(socket)).isTrue();
            socket.close();
            await().untilAsserted(() -> assertThat(at.numbers()).contains("connections=0"));
        }
    }

    @Test
    void connectionsOfOneSourceAreBoundedAfterTheLoginToo() throws Exception {
        Harbour at = harbour(Map.of("BERTH_SSH_PER_SOURCE_MAX_CONNECTIONS", "1"));
        Process client = new ProcessBuilder(at.command(at.key, "demo@127.0.0.1", "cat")).start();
        try {
            client.getOutputStream().write('x');
            client.getOutputStream().flush();
            assertThat(client.getInputStream().read()).isEqualTo('x');
            assertThat(at.ssh("demo@127.0.0.1", "true").status()).isEqualTo(255);
            assertThat(at.ssh("-b", "127.0.0.3", "demo@127.0.0.1", "true").status())
                    .isZero();
        } finally {
            client.destroyForcibly();
            client.waitFor();
        }
        assertThat(at.numbers()).contains("refused-per-source-max-connections=1");
    }

    @Test
    void packetsBeforeTheLoginAreCounted() throws Exception {
        Harbour at = harbour(NO_PENALTIES);
        Socket socket = connected(at, "127.0.0.2");
        silent.add(socket);
        socket.setSoTimeout(30_000);
        var out = socket.getOutputStream();
        out.write("SSH-2.0-flood\r\n".getBytes(US_ASCII));
        // SSH_MSG_IGNORE (2) with an empty string: length, padding length, type, string, padding
        byte[] ignore = ByteBuffer.allocate(16)
                .putInt(12)
                .put((byte) 6)
                .put((byte) 2)
                .putInt(0)
                .array();
        try {
            for (int i = 0; i < 2 * GatewaySession.MOST_PACKETS_BEFORE_LOGIN; i++) {
                out.write(ignore);
            }
        } catch (SocketException e) {
            // the gateway has hung up in the middle of it
        }
        assertThat(isEnded(socket)).isTrue();
        await().untilAsserted(() -> assertThat(at.numbers()).contains("connections=0"));
        assertThat(at.ssh("demo@127.0.0.1", "true").status()).isZero();
    }

    private static boolean isEnded(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketException e) {
            return true;
        }
        return true;
    }

    @Test
    void whoSpeaksNoSshIsToldSoWithoutAnotherByte() throws Exception {
        Harbour at = harbour(NO_PENALTIES);
        Socket socket = connected(at, "127.0.0.2");
        silent.add(socket);
        socket.setSoTimeout(30_000);
        socket.getOutputStream().write('\n');
        assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                .startsWith("SSH-2.0-")
                .endsWith("Invalid SSH identification string.\r\n");
        await().untilAsserted(() -> assertThat(at.numbers()).contains("connections=0"));
    }

    @Test
    void noiseEndsItsOwnConnectionOnly() throws Exception {
        Harbour at = harbour(NO_PENALTIES);
        for (byte[] noise : List.of(
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII),
                "SSH-2.0-x\r\n\377\377\377\377".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1),
                "SSH-2.0-x\r\n\0\0\0\14\12\24\0\0\0\0\0\0\0\0\0\0".getBytes(US_ASCII),
                "SSH-1.5-x\r\n".getBytes(US_ASCII),
                new byte[100_000])) {
            Socket socket = connected(at, "127.0.0.2");
            silent.add(socket);
            socket.setSoTimeout(30_000);
            try {
                socket.getOutputStream().write(noise);
                socket.shutdownOutput();
            } catch (SocketException e) {
                // ended before all was sent
            }
            assertThat(isEnded(socket)).isTrue();
        }
        assertThat(at.ssh("demo@127.0.0.1", "true").status()).isZero();
        await().untilAsserted(() -> assertThat(at.numbers()).contains("connections=0"));
    }

    private static final String PROXY = "BERTH_SSH_PROXY_PROTOCOL_FROM";

    /** A client behind a balancer whose first bytes are these, as printf(1) writes them. */
    private static String behind(Harbour at, String header) {
        return "ProxyCommand=bash -c 'exec 3<>/dev/tcp/127.0.0.1/" + at.port() + "; printf \"" + header
                + "\" >&3; cat <&0 >&3 & exec cat <&3'";
    }

    private static String v1(String client) {
        return "PROXY TCP4 " + client + " 192.0.2.99 4711 22\\r\\n";
    }

    @Test
    void whoComesThroughAListedProxyIsWhoeverTheProxySays() throws Exception {
        Harbour at = harbour(Map.of(PROXY, "127.0.0.1"));
        Output output = at.ssh("-o", behind(at, v1("192.0.2.7")), "demo@127.0.0.1", "echo $SSH_CONNECTION $SSH_CLIENT");
        assertThat(output.stdout()).as(output.stderr()).isEqualTo("192.0.2.7 4711 192.0.2.99 22 192.0.2.7 4711 22\n");
        // PROXY over TCP on IPv6, 36 bytes of addresses: 2001:db8::7 port 4711 to 2001:db8::99 port 22
        String zeros = "\\0".repeat(11);
        Output binary = at.ssh(
                "-o",
                behind(
                        at,
                        "\\r\\n\\r\\n\\0\\r\\nQUIT\\n\\x21\\x21\\0\\x24\\x20\\x01\\x0d\\xb8" + zeros
                                + "\\x07\\x20\\x01\\x0d\\xb8" + zeros + "\\x99\\x12\\x67\\0\\x16"),
                "demo@127.0.0.1",
                "echo $SSH_CONNECTION");
        assertThat(binary.stdout())
                .as(binary.stderr())
                .isEqualTo("2001:db8:0:0:0:0:0:7 4711 2001:db8:0:0:0:0:0:99 22\n");
        assertThat(at.platform.requests)
                .extracting(request -> request.get("sourceAddress").asString())
                .containsExactly("192.0.2.7", "2001:db8:0:0:0:0:0:7");
        assertThat(at.events).extracting(event -> event.source()).containsOnly("192.0.2.7", "2001:db8:0:0:0:0:0:7");
    }

    @Test
    void limitsAndRulesAreTheClientsAndNotTheProxys() throws Exception {
        Harbour at =
                harbour(Map.of(PROXY, "127.0.0.1", "BERTH_SSH_PER_SOURCE_PENALTIES", "authfail:1h noauth:1h min:1m"));
        Path stranger = at.newKey("stranger", "ed25519");
        assertThat(at.sshWith(stranger, "-o", behind(at, v1("192.0.2.7")), "demo@127.0.0.1", "true")
                        .status())
                .isEqualTo(255);
        await().untilAsserted(() -> assertThat(at.numbers()).contains("penalties-authfail=1"));
        assertThat(at.ssh("-o", behind(at, v1("192.0.2.7")), "demo@127.0.0.1", "true")
                        .status())
                .isEqualTo(255);
        assertThat(at.ssh("-o", behind(at, v1("192.0.2.8")), "demo@127.0.0.1", "true")
                        .status())
                .isZero();
        at.platform.rules = from("192.0.2.8");
        assertThat(at.ssh("-o", behind(at, v1("192.0.2.8")), "demo@127.0.0.1", "true")
                        .status())
                .isZero();
        assertThat(at.ssh("-o", behind(at, v1("192.0.2.9")), "demo@127.0.0.1", "true")
                        .status())
                .isEqualTo(255);
    }

    private static AccessRules from(String source) {
        return new AccessRules(
                Sources.of(List.of(source)), null, null, true, true, false, AccessRules.EVERYTHING.forwarding());
    }

    @Test
    void listedProxyMustSaySoAndNobodyElseMay() throws Exception {
        Harbour at = harbour(Map.of(PROXY, "127.0.0.1", "BERTH_SSH_PER_SOURCE_PENALTIES", "noauth:1h min:1m"));
        assertThat(at.ssh("demo@127.0.0.1", "true").status()).isEqualTo(255);
        assertThat(at.ssh("-o", behind(at, "PROXY UNKNOWN\\r\\n"), "demo@127.0.0.1", "echo $SSH_CLIENT")
                        .stdout())
                .startsWith("127.0.0.1 ");
        try (Socket socket = connected(at, "127.0.0.2")) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write("PROXY TCP4 192.0.2.7 192.0.2.99 1 22\r\n".getBytes(US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .endsWith("Invalid SSH identification string.\r\n");
        }
        await().untilAsserted(() -> assertThat(at.numbers()).contains("connections=0"));
        assertThat(at.numbers()).contains("penalised=1 "); // whoever lied, and no proxy
    }

    @Test
    void whoIsBannedIsNotTakenAndWhoIsHereIsShownOut() throws Exception {
        Harbour at = harbour(NO_PENALTIES);
        Process client = new ProcessBuilder(at.command(at.key, "-b", "127.0.0.2", "demo@127.0.0.1", "cat")).start();
        try (var bans = at.bans()) {
            client.getOutputStream().write('x');
            client.getOutputStream().flush();
            assertThat(client.getInputStream().read()).isEqualTo('x');
            at.platform.ban("127.0.0.2/31", null);
            bans.ask();
            assertThat(client.waitFor()).isEqualTo(255);
            assertThat(knock(at, "127.0.0.3")).isFalse();
            assertThat(at.ssh("demo@127.0.0.1", "true").status()).isZero();
            assertThat(at.numbers()).contains("refused-banned=1");
            at.platform.close();
        } finally {
            client.destroyForcibly();
        }
        try (var again = at.bans()) { // as after a restart, with no platform to ask
            assertThat(knock(at, "127.0.0.2")).isFalse();
            assertThat(again).isNotNull();
        }
    }

    @Test
    void banEndsByItself() throws Exception {
        Harbour at = harbour(NO_PENALTIES);
        at.platform.ban("127.0.0.2/32", at.clock.instant().plusSeconds(60));
        try (var bans = at.bans()) {
            bans.ask();
            assertThat(knock(at, "127.0.0.2")).isFalse();
            at.clock.forward(Duration.ofSeconds(61));
            assertThat(knock(at, "127.0.0.2")).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"BERTH_SSH_MAX_SESSIONS", "BERTH_SSH_MAX_CHANNELS"})
    void channelsOfOneConnectionAreBounded(String limit) throws Exception {
        Harbour at = harbour(Map.of(limit, "2"));
        Path control = directory.resolve("c");
        Process master =
                new ProcessBuilder(at.command(at.key, "-M", "-S", control.toString(), "demo@127.0.0.1", "cat")).start();
        Process second = null;
        try {
            assertThat(echoed(master, 'x')).isEqualTo('x');
            second = new ProcessBuilder(at.command(at.key, "-S", control.toString(), "demo@127.0.0.1", "cat")).start();
            assertThat(echoed(second, 'y')).isEqualTo('y');
            Output third = at.ssh("-S", control.toString(), "-o", "ProxyCommand=false", "demo@127.0.0.1", "true");
            assertThat(third.status()).isEqualTo(255);
        } finally {
            if (second != null) {
                second.destroyForcibly().waitFor();
            }
            master.destroyForcibly().waitFor();
        }
    }

    /** Its process sleeps, so what it sends stays here: less than its windows would let it. */
    @Test
    void whoSendsMoreThanIsReadEndsAndOthersStay() throws Exception {
        Harbour at = harbour(Map.of("BERTH_SSH_MAX_INPUT_MIB", "1"));
        Process modest = new ProcessBuilder(at.command(at.key, "demo@127.0.0.1", "cat")).start();
        Process hog = new ProcessBuilder(at.command(at.key, "demo@127.0.0.1", "exec sleep 1000"))
                .redirectInput(Path.of("/dev/zero").toFile())
                .start();
        try {
            assertThat(echoed(modest, 'x')).isEqualTo('x');
            assertThat(hog.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(hog.exitValue()).isEqualTo(255);
            assertThat(new String(hog.getErrorStream().readAllBytes(), US_ASCII))
                    .contains("What you send and no program reads fills the gateway's memory; send less at a time");
            assertThat(echoed(modest, 'y')).isEqualTo('y');
        } finally {
            modest.destroyForcibly().waitFor();
            hog.destroyForcibly().waitFor();
        }
    }

    private static int echoed(Process cat, int letter) throws IOException {
        cat.getOutputStream().write(letter);
        cat.getOutputStream().flush();
        return cat.getInputStream().read();
    }
}
