// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.NetworkRules;
import io.berth.core.spec.TenantName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A host in a network namespace of its own, with an uplink to another one that stands for the outside and has a resolver: nothing
 * here touches the machine's network.
 */
@SuppressWarnings("try") // an interrupted clean-up is a failed test
final class FakeNode implements AutoCloseable {
    static final String OUTSIDE_IPV4 = "198.51.100.2";
    static final String UPLINK_IPV4 = "198.51.100.1";
    static final String OUTSIDE_IPV6 = "2001:db8::2";
    static final String UPLINK_IPV6 = "2001:db8::1";
    static final ContainerName NAME = new ContainerName("demo");
    static final TenantName TENANT = new TenantName("acme");

    final NetworkNamespace host = new NetworkNamespace();
    final NetworkNamespace outside = new NetworkNamespace();
    final NetworkSettings settings;
    private final List<AutoCloseable> opened = new ArrayList<>();
    NodeNetwork network;

    FakeNode(Path directory) throws Exception {
        this(directory, "10.77.0.1/24", "fd42:77::1/64");
    }

    FakeNode(Path directory, String ipv4, String ipv6) throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        Path resolvConf = Files.writeString(directory.resolve("resolv.conf"), "nameserver " + OUTSIDE_IPV4 + "\n");
        Files.setPosixFilePermissions(resolvConf, PosixFilePermissions.fromString("rw-r--r--"));
        settings = new NetworkSettings(
                "t" + (ProcessHandle.current().pid() % 100_000_000),
                Cidr.parse(ipv4),
                Cidr.parse(ipv6),
                directory.resolve("run"),
                directory.resolve("state"),
                resolvConf);
        network = new NodeNetwork(settings, _ -> true);
        host.run("ip", "link", "add", "up0", "type", "veth", "peer", "name", "out0");
        host.run(
                "ip",
                "link",
                "set",
                "out0",
                "netns",
                "/proc/" + ProcessHandle.current().pid() + "/fd/" + outside.fd().number());
        uplink(host, "up0", UPLINK_IPV4, UPLINK_IPV6);
        uplink(outside, "out0", OUTSIDE_IPV4, OUTSIDE_IPV6);
    }

    private static void uplink(NetworkNamespace in, String name, String ipv4, String ipv6) throws Exception {
        in.run("ip", "link", "set", name, "up");
        in.run("ip", "addr", "add", ipv4 + "/24", "dev", name);
        in.run("ip", "addr", "add", ipv6 + "/64", "dev", name, "nodad");
    }

    void prepare() throws Exception {
        prepare(Map.of());
    }

    private void prepare(Map<ContainerId, NetworkRules> running) throws Exception {
        on(network -> network.prepare(running));
    }

    /** As after a restart of the agent. */
    void restartAgent() throws Exception {
        restartAgent(Map.of());
    }

    /** The same, with what the agent remembers of running containers. */
    void restartAgent(Map<ContainerId, NetworkRules> running) throws Exception {
        network.close();
        network = new NodeNetwork(settings, _ -> true);
        prepare(running);
    }

    /** In the host's network. */
    void on(Consumer<NodeNetwork> action) throws Exception {
        host.in(() -> {
            action.accept(network);
            return true;
        });
    }

    void release() throws Exception {
        host.in(() -> {
            network.release();
            return true;
        });
    }

    FakeContainer container() throws Exception {
        return container(new ContainerId(UUID.randomUUID()));
    }

    FakeContainer container(ContainerId id) throws Exception {
        var namespace = new NetworkNamespace();
        opened.add(namespace);
        Endpoint endpoint = host.in(() -> network.connect(id, NAME, TENANT, NetworkRules.NONE, namespace.fd()));
        return new FakeContainer(id, namespace, endpoint);
    }

    /** A server in one of the namespaces, at any port of any address. */
    ServerSocket listen(NetworkNamespace in) throws Exception {
        ServerSocket socket = in.in(() -> new ServerSocket(0, 5, InetAddress.ofLiteral("::")));
        opened.add(socket);
        return socket;
    }

    /** Whether a server answers somebody; what a firewall drops is silent. */
    static boolean reaches(NetworkNamespace from, InetAddress address, int port) throws Exception {
        try (Socket socket = connect(from, null, address, port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    static Socket connect(NetworkNamespace from, @Nullable InetAddress source, InetAddress address, int port)
            throws Exception {
        return from.in(() -> {
            var socket = new Socket();
            if (source != null) {
                socket.bind(new InetSocketAddress(source, 0));
            }
            socket.connect(new InetSocketAddress(address, port), 700);
            return socket;
        });
    }

    /** A resolver out there that knows one name. */
    void startResolver() throws Exception {
        Process resolver = outside.in(() -> new ProcessBuilder(
                        "dnsmasq",
                        "--keep-in-foreground",
                        "--conf-file=/dev/null",
                        "--no-resolv",
                        "--no-hosts",
                        "--bind-interfaces",
                        "--listen-address=" + OUTSIDE_IPV4,
                        "--user=nobody",
                        "--pid-file",
                        "--address=/name.example/203.0.113.7")
                .inheritIO()
                .start());
        opened.add(() -> resolver.destroyForcibly().waitFor());
    }

    /** The pid of the dnsmasq, as its own pid file says. */
    long dnsmasq() throws IOException {
        return Long.parseLong(Files.readString(settings.runDir().resolve("network/dnsmasq.pid"))
                .strip());
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        if (Files.exists(settings.runDir().resolve("network/dnsmasq.pid"))) {
            release();
        }
        network.close();
        host.close();
        outside.close();
    }
}
