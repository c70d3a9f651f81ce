// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.berth.core.linux.ProcessCalls;
import io.berth.core.spec.ContainerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node's network from its making to its removal. Needs root, and a kernel with bridges, veth and nftables. */
class NodeNetworkIT {
    @TempDir
    Path directory;

    private FakeNode node;

    @BeforeEach
    void root() throws Exception {
        assumeTrue(ProcessCalls.getuid() == 0, "making network namespaces and links needs root");
        node = new FakeNode(directory);
    }

    @AfterEach
    void cleanUp() throws Exception {
        node.close();
    }

    @Test
    void portIsIsolatedLockedAndNamedAfterTheContainer() throws Exception {
        node.prepare();
        FakeContainer container = node.container(ContainerId.of("0a1b2c3d-4e5f-4789-8abc-def012345678"));

        String port = container.endpoint().hostInterface();
        assertThat(port).isEqualTo("b0a1b2c3d4e5f47");
        assertThat(node.host.run("ip", "-d", "link", "show", "dev", port))
                .contains("isolated on", "locked on", "learning off", " flood off", "alias demo.acme");
        assertThat(container.namespace().run("ip", "-br", "link", "show", "dev", "eth0"))
                .contains("02:f0:12:34:56:78");
    }

    @Test
    void dhcpGivesThePromisedAddressWithoutAName() throws Exception {
        node.prepare();
        FakeContainer first = node.container();
        FakeContainer second = node.container();

        assertThat(first.dhcp(directory))
                .contains("bound ip=10.77.0.2 mask=24 router=10.77.0.1 dns=10.77.0.1 hostname=\n");
        assertThat(second.dhcp(directory)).contains("bound ip=10.77.0.3 ");
        assertThat(List.of(first.ipv4().getHostAddress(), second.ipv4().getHostAddress()))
                .containsExactly("10.77.0.2", "10.77.0.3");
    }

    @Test
    void ipv6AddressIsThePromisedOne() throws Exception {
        node.prepare();
        FakeContainer container = node.container();
        container.namespace().run("ip", "link", "set", "eth0", "up");
        container.awaitIpv6();

        assertThat(container.namespace().run("ip", "-6", "route", "get", "2001:db8:9::1"))
                .contains("via fe80::1 ")
                .contains("src " + compressed(container));
    }

    private static String compressed(FakeContainer container) throws Exception {
        // in the words of ip itself, which shortens addresses where Java does not
        return container
                .namespace()
                .run("ip", "-6", "route", "get", container.ipv6().getHostAddress())
                .replaceAll("(?s)^local (\\S+) .*", "$1");
    }

    @Test
    void reconnectionKeepsTheAddressAndWaitsForTheOldLink() throws Exception {
        node.prepare();
        FakeContainer before = node.container();
        node.network.disconnect(before.id());
        FakeContainer after = node.container(before.id());

        assertThat(after.endpoint()).isEqualTo(before.endpoint());
        assertThat(after.dhcp(directory)).contains("bound ip=" + after.ipv4().getHostAddress());
    }

    @Test
    void linkThatACrashedAgentLeftIsReplaced() throws Exception {
        node.prepare();
        FakeContainer before = node.container();
        FakeContainer after = node.container(before.id());

        assertThat(after.dhcp(directory)).contains("bound ip=" + before.ipv4().getHostAddress());
        assertThatThrownBy(() -> before.namespace().run("ip", "link", "show", "dev", "eth0"))
                .hasMessageContaining("does not exist");
    }

    @Test
    void restartedAgentTakesOverDnsmasqAndAddresses() throws Exception {
        node.prepare();
        FakeContainer container = node.container();
        long dnsmasq = node.dnsmasq();
        node.restartAgent();

        assertThat(node.dnsmasq()).isEqualTo(dnsmasq);
        assertThat(node.network.endpoint(container.id())).contains(container.endpoint());
        assertThat(container.dhcp(directory))
                .contains("bound ip=" + container.ipv4().getHostAddress());
    }

    @Test
    void dnsmasqThatDiesIsStartedAnew() throws Exception {
        node.prepare();
        FakeContainer container = node.container();
        long died = node.dnsmasq();
        assertThat(ProcessHandle.of(died).orElseThrow().destroyForcibly()).isTrue();

        await().atMost(Duration.ofSeconds(10))
                .until(() -> node.dnsmasq() != died
                        && ProcessHandle.of(node.dnsmasq()).isPresent());
        assertThat(container.dhcp(directory))
                .contains("bound ip=" + container.ipv4().getHostAddress());
    }

    @Test
    void leftoversAreThePortsOfNobody() throws Exception {
        node.prepare();
        FakeContainer running = node.container();
        FakeContainer gone = node.container();
        String stranger = "stranger";
        node.host.run("ip", "link", "add", stranger, "type", "veth", "peer", "name", "peer");
        node.host.run("ip", "link", "set", stranger, "master", node.settings.bridge());

        assertThat(node.host.in(() -> node.network.leftovers(Set.of(running.id()))))
                .containsExactlyInAnyOrder(gone.endpoint().hostInterface(), stranger);
        node.host.in(() -> {
            node.network.removeLeftovers(Set.of(running.id()));
            return true;
        });
        await().atMost(Duration.ofSeconds(5))
                .until(() -> node.host
                        .in(() -> node.network.leftovers(Set.of(running.id())))
                        .isEmpty());
    }

    @Test
    void forgottenAddressGoesToAnotherContainerOnceAllOthersWereUsed() throws Exception {
        node.close();
        node = new FakeNode(directory, "10.77.0.1/30", "fd42:77::1/64");
        node.prepare();
        FakeContainer first = node.container();
        assertThat(first.dhcp(directory)).contains("bound ip=10.77.0.2 ");
        assertThatThrownBy(() -> node.container())
                .isInstanceOf(AddressesExhaustedException.class)
                .hasMessageContaining("10.77.0.0/30");
        node.host.in(() -> {
            node.network.forget(first.id());
            return true;
        });

        assertThat(node.network.known()).isEmpty();
        // its lease has hours to go
        assertThat(node.container().dhcp(directory)).contains("bound ip=10.77.0.2 ");
    }

    @Test
    void leasesOfFormerContainersEndWithDnsmasq() throws Exception {
        node.close();
        node = new FakeNode(directory, "10.77.0.1/30", "fd42:77::1/64");
        node.prepare();
        FakeContainer former = node.container();
        assertThat(former.dhcp(directory)).contains("bound ip=10.77.0.2 ");
        node.host.in(() -> {
            node.network.forget(former.id());
            return true;
        });
        node.release();
        node.prepare();
        long dnsmasq = node.dnsmasq();

        assertThat(node.container().dhcp(directory)).contains("bound ip=10.77.0.2 ");
        assertThat(node.dnsmasq()).as("no restart was needed").isEqualTo(dnsmasq);
    }

    @Test
    void disconnectingAndForgettingTheUnknownDoesNothing() throws Exception {
        node.prepare();
        var unknown = new ContainerId(UUID.randomUUID());
        node.network.disconnect(unknown);
        node.network.forget(unknown);

        assertThat(node.network.endpoint(unknown)).isEmpty();
    }

    @Test
    void releaseLeavesNothing() throws Exception {
        String links = node.host.run("ip", "-br", "link");
        String settings = forwarding();
        node.prepare();
        node.container();
        long dnsmasq = node.dnsmasq();
        assertThat(forwarding()).isEqualTo("1\n1\n2\n");
        node.release();

        assertThat(node.host.run("ip", "-br", "link")).isEqualTo(links);
        assertThat(node.host.run("nft", "list", "ruleset")).isEmpty();
        assertThat(forwarding()).isEqualTo(settings);
        assertThat(isRunning(dnsmasq)).isFalse();
        assertThat(Files.exists(node.settings.runDir().resolve("network"))).isFalse();
    }

    @Test
    void settingThatSomebodyElseChangedStaysSo() throws Exception {
        node.host.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        node.prepare();
        node.host.run("sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/up0/accept_ra");
        node.release();

        assertThat(forwarding()).isEqualTo("1\n0\n1\n");
    }

    /** Where the kernel has it: others' bridges may need it. */
    @Test
    void bridgesOfOthersKeepTheirFirewall() throws Exception {
        String setting = "/proc/sys/net/bridge/bridge-nf-call-iptables";
        assumeTrue(Files.exists(Path.of(setting)), "this kernel has no br_netfilter loaded");
        node.host.run("sh", "-c", "echo 1 > " + setting);
        node.prepare();
        assertThat(node.host.run("cat", setting)).isEqualTo("0\n");
        node.release();
        assertThat(node.host.run("cat", setting)).isEqualTo("1\n");
        node.host.run("ip", "link", "add", "theirs", "type", "bridge");
        node.prepare();
        assertThat(node.host.run("cat", setting)).isEqualTo("1\n");
    }

    @Test
    void lastOfTwoInstancesPutsTheSettingsBack() throws Exception {
        String settings = forwarding();
        node.prepare();
        try (var second = new NodeNetwork(
                NetworkSettings.of(
                        "second",
                        "10.78.0.1/24",
                        "fd42:78::1/64",
                        directory.resolve("run2"),
                        directory.resolve("state2")),
                _ -> true)) {
            node.host.in(() -> {
                second.prepare(Map.of());
                return true;
            });
            node.release();
            assertThat(forwarding()).isEqualTo("1\n1\n2\n");
            node.host.in(() -> {
                second.release();
                return true;
            });
        }

        assertThat(forwarding()).isEqualTo(settings);
    }

    @Test
    void hostWithoutIpv6GetsIpv4() throws Exception {
        node.host.run("sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6");
        node.prepare();
        FakeContainer container = node.container();

        assertThat(container.endpoint().ipv6()).isNull();
        assertThat(container.dhcp(directory)).contains("bound ip=10.77.0.2 ");
        assertThat(node.host.run("cat", "/proc/sys/net/ipv6/conf/all/forwarding"))
                .isEqualTo("0\n");
    }

    @Test
    void interfaceOfThatNameThatIsNoBridgeIsAClearError() throws Exception {
        String name = node.settings.bridge();
        node.host.run("ip", "link", "add", name, "type", "veth", "peer", "name", "peer");

        assertThatThrownBy(() -> node.prepare())
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("'" + name + "' exists and is a veth");
    }

    /** A dead process that its parent has not reaped yet has no command line. */
    private static boolean isRunning(long pid) throws IOException {
        Path commandLine = Path.of("/proc", Long.toString(pid), "cmdline");
        return Files.exists(commandLine) && !Files.readString(commandLine).isEmpty();
    }

    private String forwarding() throws Exception {
        return node.host.run(
                "cat",
                "/proc/sys/net/ipv4/ip_forward",
                "/proc/sys/net/ipv6/conf/all/forwarding",
                "/proc/sys/net/ipv6/conf/up0/accept_ra");
    }
}
