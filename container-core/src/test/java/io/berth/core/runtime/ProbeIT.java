// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.core.protocol.Reply;
import io.berth.core.runtime.Expectation.Who;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.NetworkMode;
import io.berth.core.spec.TenantName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hostile program inside: each thing that it tries is denied or harmless, as probe.txt says beforehand. What CDK, deepce, linpeas and
 * amicontained look at is among it. Needs root.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProbeIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String BRIDGE = "10.188.0.1";
    private static final String BRIDGE6 = "fd42:7a1c:b0e5:188::1";
    private static final int NEIGHBOURS_PORT = 7777;
    private static final int FEWEST_CHECKS = 60;

    @TempDir
    private static Path directory;

    private TestNode test;
    private Process host;
    private String hostsEnvironment;
    private final List<ServerSocket> services = new ArrayList<>();

    @BeforeAll
    void open() throws IOException {
        test = TestNode.openWithNetwork(BRIDGE + "/24", BRIDGE6 + "/64");
        Path program = Files.write(directory.resolve("probe"), Probe.program());
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        host = new ProcessBuilder(program.toString(), "host")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        hostsEnvironment = Objects.requireNonNull(host.inputReader(UTF_8).readLine());
        services.add(new ServerSocket(0, 5, InetAddress.ofLiteral(BRIDGE)));
        for (String address : List.of(BRIDGE6, "127.0.0.1")) {
            services.add(new ServerSocket(services.getFirst().getLocalPort(), 5, InetAddress.ofLiteral(address)));
        }
    }

    @AfterAll
    void close() throws IOException, InterruptedException {
        for (ServerSocket service : services) {
            service.close();
        }
        host.getOutputStream().close(); // it takes its segment away
        host.waitFor();
        test.close();
    }

    private ContainerId probed(String name, NetworkMode network) throws IOException {
        ContainerId id = test.create(name, new TenantName("mallory"), TestNode.SMALL, network);
        test.node().start(id);
        return Probe.install(test, id);
    }

    @Test
    void everythingIsDeniedOrHarmlessWithoutNetwork() throws IOException {
        ContainerId id = probed("alone", NetworkMode.NONE);
        assertThat(surprises(id, environment(""))).isEmpty();
    }

    @Test
    void everythingIsDeniedOrHarmlessOnTheBridge() throws IOException {
        ContainerId neighbour = test.create("victim", new TenantName("alice"), TestNode.SMALL, NetworkMode.NAT);
        test.node().start(neighbour);
        test.run(neighbour, "nc -ll -p %d -e /bin/true >/dev/null 2>&1 </dev/null &".formatted(NEIGHBOURS_PORT));
        ContainerId id = probed("attacker", NetworkMode.NAT);
        List.of(neighbour, id).forEach(this::awaitAddress);
        List<String> addresses = test.status(neighbour).addresses();
        assertThat(surprises(
                        id,
                        environment("PROBE_NEIGHBOUR=%s PROBE_NEIGHBOUR6=%s PROBE_NEIGHBOUR_PORT=%d"
                                .formatted(addresses.getFirst(), addresses.getLast(), NEIGHBOURS_PORT))))
                .isEmpty();
    }

    /** It has been given its descriptors by init, not by the agent. */
    @Test
    void everythingIsDeniedOrHarmlessForInitsOwnChild() throws IOException {
        ContainerId id = probed("child", NetworkMode.NONE);
        test.run(id, """
                cat > /root/child <<'END'
                #!/bin/sh
                [ -e /tmp/done ] && exec sleep 100000
                %s /usr/bin/probe > /tmp/answers
                touch /tmp/done
                exec sleep 100000
                END
                chmod 755 /root/child
                echo ::respawn:/root/child >> /etc/inittab
                kill -HUP 1
                """.formatted(environment("")));
        await().atMost(LONG)
                .until(() -> test.run(id, "test -e /tmp/done").exit().equals(new Reply.Exited(0, null)));
        assertThat(surprises(Who.ROOT, test.run(id, "cat /tmp/answers").out())).isEmpty();
    }

    private String environment(String more) {
        return "%s PROBE_STATE_DIR=%s PROBE_PORT=%d PROBE_BRIDGE=%s PROBE_BRIDGE6=%s %s"
                .formatted(
                        hostsEnvironment,
                        test.settings().stateDir(),
                        services.getFirst().getLocalPort(),
                        BRIDGE,
                        BRIDGE6,
                        more);
    }

    private void awaitAddress(ContainerId id) {
        await().atMost(LONG)
                .until(() -> test.run(id, "ip -4 route show default; ip -6 route show default")
                                .out()
                                .lines()
                                .count()
                        >= 2);
    }

    private List<String> surprises(ContainerId id, String environment) throws IOException {
        List<String> surprises = new ArrayList<>();
        for (Who who : Who.values()) {
            TestNode.Result result = test.run(id, who.user, environment + " " + who.command);
            assertThat(result.err()).as("the probe as %s", who).isEmpty();
            surprises.addAll(surprises(who, result.out()));
        }
        return surprises;
    }

    private static List<String> surprises(Who who, String answers) throws IOException {
        Map<String, Expectation> expected = Expectation.load();
        Map<String, String> told = new LinkedHashMap<>();
        answers.lines().forEach(line -> {
            String[] fields = line.split("\t", -1);
            told.put(fields[0], fields[1].strip());
        });
        assertThat(told.keySet())
                .as("what the probe tries is what probe.txt says")
                .isEqualTo(expected.keySet())
                .hasSizeGreaterThan(FEWEST_CHECKS);
        return told.entrySet().stream()
                .filter(entry -> !expectation(expected, entry.getKey()).allows(who, entry.getValue()))
                .map(entry -> expectation(expected, entry.getKey()).describe(who, entry.getValue()))
                .toList();
    }

    private static Expectation expectation(Map<String, Expectation> all, String name) {
        return Objects.requireNonNull(all.get(name));
    }
}
