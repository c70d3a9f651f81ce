// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.gateway.Harbour.Output;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What works over OpenSSH's sshd works here: its own regress scripts, run against the gateway as a foreign server, each beside a run
 * of the same script against stock sshd, which shows that the script can pass on this machine. RATIONALE.md lists those that are
 * left out, and why.
 */
class OpenSshTestsIT {
    /** Those that sleep longest first; they run beside each other. */
    private static final List<String> SCRIPTS = List.of(
            "multiplex",
            "rekey",
            "exit-status",
            "forwarding",
            "dynamic-forward",
            "integrity",
            "agent",
            "sftp",
            "sftp-cmds",
            "scp",
            "scp3",
            "scp-uri",
            "stderr-data",
            "transfer",
            "try-ciphers",
            "sftp-glob",
            "sftp-badcmds",
            "sftp-batch",
            "sftp-uri",
            "connect-uri",
            "yes-head",
            "stderr-after-eof",
            "exit-status-signal",
            "broken-pipe",
            "connect");
    /** Most of their time they sleep. */
    private static final int AT_ONCE = 6;

    private static final int FIRST_PORT = 20_000; // below what clients are given
    private static final int PORTS_EACH = 3;

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    private int nextPort = FIRST_PORT;

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @TestFactory
    Stream<DynamicTest> scriptsOfOpenSshPassThroughTheGatewayAsThroughStockSshd() throws Exception {
        Path keys = keys();
        Files.createDirectories(Path.of("/run/sshd")); // where sshd leaves its privileges; its unit makes it elsewhere
        List<DynamicTest> tests = new ArrayList<>();
        for (String name : SCRIPTS) {
            int port = freePorts();
            var ours = later(() -> throughTheGateway(name, keys, port));
            int stockPort = freePorts();
            var stock = later(
                    () -> new OpenSshScript(name, directory.resolve("stock-" + name), keys, stockPort, 35).run(true));
            tests.add(DynamicTest.dynamicTest(name, () -> {
                assertThat(stock.join()).as("stock sshd").satisfies(OpenSshTestsIT::passed);
                assertThat(ours.join()).as("the gateway").satisfies(OpenSshTestsIT::passed);
            }));
        }
        return tests.stream();
    }

    private static void passed(Output output) {
        assertThat(output.status()).as(output.stderr()).isZero();
    }

    private Output throughTheGateway(String name, Path keys, int port) throws Exception {
        Path home = Files.createDirectory(directory.resolve("harbour-" + name));
        // the scripts take the server to have their own keys
        Files.copy(keys.resolve("ssh-ed25519"), home.resolve("ssh_host_ed25519_key"));
        Files.setPosixFilePermissions(
                home.resolve("ssh_host_ed25519_key"), PosixFilePermissions.fromString("rw-------"));
        var script = new OpenSshScript(name, directory.resolve("ours-" + name), keys, port, 33);
        // all come from one address, and some offer keys that are to be refused
        var limits = Map.of("BERTH_SSH_PER_SOURCE_PENALTIES", "no", "BERTH_SSH_PER_SOURCE_MAX_STARTUPS", "100");
        try (var harbour = new Harbour(home, limits, port)) {
            harbour.platform.userOfDemo = System.getProperty("user.name");
            harbour.platform.strangers = new AuthorizedKeys(script::authorizedKeys)::decide;
            return script.run(false);
        }
    }

    private interface Run {
        Output run() throws Exception;
    }

    private CompletableFuture<Output> later(Run run) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return run.run();
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                threads);
    }

    /** A key of every kind, made once: the scripts take what they find. */
    private Path keys() throws Exception {
        Path keys = Files.createDirectory(directory.resolve("keys"));
        for (String type : List.of(
                "ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521")) {
            Output made = Harbour.run(
                    List.of(
                            "ssh-keygen",
                            "-q",
                            "-N",
                            "",
                            "-t",
                            type,
                            "-f",
                            keys.resolve(type).toString()),
                    new byte[0]);
            assertThat(made.status()).as(made.stderr()).isZero();
        }
        return keys;
    }

    private int freePorts() throws IOException {
        while (!areFree(nextPort)) {
            nextPort += PORTS_EACH;
        }
        int found = nextPort;
        nextPort += PORTS_EACH;
        return found;
    }

    private static boolean areFree(int first) throws IOException {
        for (int port = first; port < first + PORTS_EACH; port++) {
            try (var probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThat(probe.getLocalPort()).isEqualTo(port);
            } catch (java.net.BindException e) {
                return false;
            }
        }
        return true;
    }
}
