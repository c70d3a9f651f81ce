// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.net.InetSocketAddress;
import java.util.Map;
import org.apache.sshd.common.session.Session;

/** Both ends of a connection, as sshd(8) tells them to programs. */
record Whereabouts(InetSocketAddress client, InetSocketAddress server) {
    static Whereabouts of(Session session) {
        return new Whereabouts(
                (InetSocketAddress) session.getRemoteAddress(), (InetSocketAddress) session.getLocalAddress());
    }

    Map<String, String> variables() {
        return Map.of(
                "SSH_CONNECTION", text(client) + " " + text(server),
                "SSH_CLIENT", text(client) + " " + server.getPort());
    }

    /** Without a zone (fe80::1%3), which counts by interfaces of ours. */
    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress().replaceFirst("%.*", "") + " " + address.getPort();
    }
}
