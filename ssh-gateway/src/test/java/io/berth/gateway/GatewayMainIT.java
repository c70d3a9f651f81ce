// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.berth.gateway.Harbour.Output;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The process itself, as a user without any privilege. Needs root to become that user. */
@Timeout(180)
class GatewayMainIT {
    private static final String USER = "65534"; // nobody
    private Path directory;
    private int port;

    @BeforeEach
    void prepare() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "becoming another user needs root");
        directory = Files.createTempDirectory("berth-gateway-");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        copyClassPath();
        Files.createDirectories(directory.resolve("state/platform"));
        Files.writeString(directory.resolve("state/platform/gateway.token"), "token");
        Path own = Files.createDirectories(directory.resolve("state/gateway"));
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx------"));
        Files.setOwner(
                own, FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
    }

    /** To where that user may read it. */
    private void copyClassPath() throws IOException {
        Path lib = Files.createDirectory(directory.resolve("lib"));
        int number = 0;
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path target = lib.resolve(number++ + (entry.endsWith(".jar") ? ".jar" : ""));
            if (Files.isDirectory(Path.of(entry))) {
                copyTree(Path.of(entry), target);
            } else if (Files.exists(Path.of(entry))) {
                Files.copy(Path.of(entry), target);
            }
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    @AfterEach
    void remove() throws IOException {
        if (directory != null) {
            try (var paths = Files.walk(directory)) {
                paths.sorted(java.util.Comparator.reverseOrder())
                        .forEach(path -> path.toFile().delete());
            }
        }
    }

    @Test
    void startsWithoutPrivilegeAndKeepsItsHostKey() throws Exception {
        String first = startAndAskForTheKey();
        assertThat(first).contains("ssh-ed25519");
        assertThat(startAndAskForTheKey()).isEqualTo(first);
    }

    private String startAndAskForTheKey() throws Exception {
        Process gateway = new ProcessBuilder(command(true))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        try {
            await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return true;
            });
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> assertThat(directory.resolve("log")).content().contains("event=rehearsed"));
            Output keys = Harbour.run(
                    List.of("ssh-keyscan", "-t", "ed25519", "-p", Integer.toString(port), "127.0.0.1"), new byte[0]);
            return keys.stdout();
        } finally {
            gateway.destroy();
            gateway.waitFor(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void rootIsRefused() throws Exception {
        assertRefused(false, "this process runs as root; run the gateway as a user of its own");
    }

    @Test
    void portInUseIsNamed() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
            assertRefused(true, "port " + port + " cannot be had (address already in use)");
        }
    }

    @Test
    void missingTokenIsNamed() throws Exception {
        Files.delete(directory.resolve("state/platform/gateway.token"));
        assertRefused(true, "token file " + directory.resolve("state/platform/gateway.token") + " cannot be read");
    }

    @Test
    void unreadableKeyIsNamed() throws Exception {
        Path key = directory.resolve("state/gateway/ssh_host_ed25519_key");
        HostKey.loadOrMake(key); // as root: the gateway's user may not read it
        assertRefused(true, "host key " + key + " cannot be read (no access to " + key + ")");
    }

    private void assertRefused(boolean unprivileged, String message) throws Exception {
        Output output = Harbour.run(command(unprivileged), new byte[0]);
        assertThat(output.stderr().lines().filter(line -> line.startsWith("berth-gateway: ")))
                .singleElement()
                .asString()
                .startsWith("berth-gateway: " + message);
        assertThat(output.stderr()).doesNotContain("\tat ");
        assertThat(output.status()).isEqualTo(1);
    }

    private List<String> command(boolean unprivileged) throws IOException {
        List<String> command = new ArrayList<>();
        if (unprivileged) {
            command.addAll(List.of("setpriv", "--reuid", USER, "--regid", USER, "--clear-groups"));
            command.addAll(List.of("--inh-caps=-all", "--bounding-set=-all", "--no-new-privs", "--"));
        }
        command.addAll(List.of(
                "env",
                "BERTH_STATE_DIR=" + directory.resolve("state"),
                "BERTH_RUN_DIR=" + directory.resolve("run"),
                "BERTH_SSH_ADDRESS=127.0.0.1",
                "BERTH_SSH_PORT=" + port));
        command.addAll(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath()));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.add(GatewayMain.class.getName());
        return command;
    }

    /** The jars by a wildcard, the directories by name. */
    private String classPath() throws IOException {
        try (var entries = Files.list(directory.resolve("lib"))) {
            List<String> path = new ArrayList<>(
                    entries.filter(Files::isDirectory).map(Path::toString).toList());
            path.add(directory.resolve("lib") + "/*");
            return String.join(File.pathSeparator, path);
        }
    }
}
