// SPDX-License-Identifier: Apache-2.0
package io.berth.core.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.berth.core.linux.LandlockCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process that locks itself in; it runs as whoever runs the tests, so root's power over files does not help it either. */
class SandboxIT {
    private static final int PORTS_ABI = 4;
    private static final int SIGNALS_ABI = 6;

    private static Map<String, String> said = Map.of();
    private static long probePid;
    private static int listen;
    private static int connect;

    @BeforeAll
    static void runTheProbe(@TempDir Path scratch) throws Exception {
        assumeTrue(LandlockCalls.abi() > 0, "the kernel has no Landlock");
        for (String name : List.of("readable", "writable", "outside")) {
            Files.writeString(Files.createDirectory(scratch.resolve(name)).resolve("file"), "content");
        }
        Path temporary = Files.createDirectory(scratch.resolve("tmp"));
        listen = freePort();
        try (ServerSocket reachable = server();
                ServerSocket other = server()) {
            connect = reachable.getLocalPort();
            said = probe(
                    temporary,
                    List.of(
                            scratch.resolve("readable").toString(),
                            scratch.resolve("writable").toString(),
                            scratch.resolve("outside").toString(),
                            Integer.toString(listen),
                            Integer.toString(connect),
                            Integer.toString(other.getLocalPort()),
                            Long.toString(ProcessHandle.current().pid())));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = server()) {
            return socket.getLocalPort();
        }
    }

    private static ServerSocket server() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static Map<String, String> probe(Path temporary, List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ConfinedProbe.class.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PROBE", "kept");
        Process process = builder.start();
        probePid = process.pid();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        Map<String, String> lines = new HashMap<>();
        output.lines().filter(line -> line.contains(": ")).forEach(line -> {
            int colon = line.indexOf(": ");
            lines.put(line.substring(0, colon), line.substring(colon + 2));
        });
        return lines;
    }

    @Test
    void argumentsEnvironmentAndPidAreKept() {
        assertThat(probePid).isPositive();
        assertThat(said).containsEntry("variable", "kept").containsEntry("told", "outside");
    }

    @Test
    void whatConfinesItIsSaid() {
        assertThat(said.get("statement")).startsWith("no_new_privs landlock=" + Math.min(LandlockCalls.abi(), 7));
        assertThat(said.get("no_new_privs")).contains("1");
        if (LandlockCalls.abi() >= PORTS_ABI) {
            assertThat(said.get("statement")).endsWith("bind=" + listen + " connect=" + connect);
        }
    }

    @Test
    void filesOfItsOwnAreReached() {
        assertThat(said)
                .containsEntry("read inside", "content")
                .hasEntrySatisfying("write inside", line -> assertThat(line).doesNotContain("denied"))
                .hasEntrySatisfying("rename inside", line -> assertThat(line).doesNotContain("denied"));
    }

    @Test
    void allOtherFilesAreNot() {
        for (String attempt : List.of(
                "write readable",
                "read outside",
                "list outside",
                "shadow",
                "link outside",
                "read outside, other thread")) {
            assertThat(said.get(attempt)).as(attempt).startsWith("denied AccessDeniedException");
        }
    }

    @Test
    void noProgramIsExecuted() {
        assertThat(said.get("execute")).startsWith("denied").contains("Permission denied");
    }

    @Test
    void portsOfItsOwnAreReachedAndNoOthers() {
        assumeTrue(LandlockCalls.abi() >= PORTS_ABI, "this kernel's Landlock has no rules for ports");
        assertThat(said).containsEntry("listen", "true").containsEntry("connect", "true");
        assertThat(said.get("listen elsewhere")).startsWith("denied").contains("Permission denied");
        assertThat(said.get("connect elsewhere")).startsWith("denied").contains("Permission denied");
    }

    @Test
    void noOtherProcessIsSignalled() {
        assumeTrue(LandlockCalls.abi() >= SIGNALS_ABI, "this kernel's Landlock has no scopes");
        assertThat(said.get("signal")).startsWith("denied").contains("EPERM");
    }
}
