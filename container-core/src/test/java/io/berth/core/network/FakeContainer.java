// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import static org.awaitility.Awaitility.await;

import io.berth.core.spec.ContainerId;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;

/** A network namespace that behaves as an unmodified distribution's: a DHCP client, and the kernel's own IPv6. */
record FakeContainer(ContainerId id, NetworkNamespace namespace, Endpoint endpoint) {
    private static final String CLIENT_SCRIPT = """
            #!/bin/sh
            [ "$1" = bound ] || exit 0
            ip addr add "$ip/$mask" dev "$interface"
            ip route add default via "$router"
            echo "bound ip=$ip mask=$mask router=$router dns=$dns hostname=$hostname"
            """;

    /** @return what the DHCP client was told */
    String dhcp(Path directory) throws Exception {
        namespace.run("ip", "link", "set", "eth0", "up");
        Path script = Files.writeString(directory.resolve("udhcpc.script"), CLIENT_SCRIPT);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return namespace.run(
                "busybox", "udhcpc", "-i", "eth0", "-f", "-q", "-n", "-t", "10", "-T", "1", "-s", script.toString());
    }

    /** Until the kernel has made its address of the router's advertisement, and found it unique. */
    void awaitIpv6() {
        await().atMost(Duration.ofSeconds(15)).until(() -> {
            String addresses = namespace.run("ip", "-6", "addr", "show", "dev", "eth0", "scope", "global");
            return addresses.contains("inet6") && !addresses.contains("tentative");
        });
    }

    Inet4Address ipv4() {
        return Objects.requireNonNull(endpoint.ipv4());
    }

    Inet6Address ipv6() {
        return Objects.requireNonNull(endpoint.ipv6());
    }
}
