// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.gateway.text.Printable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the gateway is told, from the environment; see config/berth.conf for each variable.
 *
 * @param stateDir BERTH_STATE_DIR
 * @param runDir BERTH_RUN_DIR
 * @param platform BERTH_HTTP_ADDRESS and BERTH_HTTP_PORT
 * @param listen BERTH_SSH_ADDRESS and BERTH_SSH_PORT
 * @param limits see {@link LimitVariables}
 */
record GatewaySettings(
        Path stateDir, Path runDir, InetSocketAddress platform, InetSocketAddress listen, ConnectionLimits limits) {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");
    private static final int MOST_PORT = 65_535;

    /** @throws StartException when a variable is wrong */
    static GatewaySettings from(Map<String, String> env) {
        return new GatewaySettings(
                path(env, "BERTH_STATE_DIR", "/var/lib/berth"),
                path(env, "BERTH_RUN_DIR", "/run/berth"),
                new InetSocketAddress(
                        address(env, "BERTH_HTTP_ADDRESS", "127.0.0.1"), port(env, "BERTH_HTTP_PORT", "8080")),
                new InetSocketAddress(address(env, "BERTH_SSH_ADDRESS", "::"), port(env, "BERTH_SSH_PORT", "2222")),
                new LimitVariables(env).read());
    }

    private static String text(Map<String, String> env, String name, String otherwise) {
        String value = env.getOrDefault(name, "").strip();
        return value.isEmpty() ? otherwise : value;
    }

    private static Path path(Map<String, String> env, String name, String otherwise) {
        String value = text(env, name, otherwise);
        try {
            Path path = Path.of(value);
            if (path.isAbsolute() && path.normalize().equals(path)) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw wrong(name, value, "an absolute path");
        }
        throw wrong(name, value, "an absolute path without '..'");
    }

    private static InetAddress address(Map<String, String> env, String name, String otherwise) {
        String value = text(env, name, otherwise);
        try {
            return InetAddress.ofLiteral(value); // no DNS: a name could mean another machine tomorrow
        } catch (IllegalArgumentException e) {
            throw wrong(name, value, "an IPv4 or IPv6 address");
        }
    }

    private static int port(Map<String, String> env, String name, String otherwise) {
        String value = text(env, name, otherwise);
        if (NUMBER.matcher(value).matches()) {
            int port = Integer.parseInt(value);
            if (port > 0 && port <= MOST_PORT) {
                return port;
            }
        }
        throw wrong(name, value, "a port, a whole number from 1 to " + MOST_PORT);
    }

    static StartException wrong(String name, String value, String cure) {
        return new StartException(name + "='" + Printable.of(value) + "' is wrong; set it to " + cure
                + " (in /etc/berth/berth.conf or the environment)");
    }

    /** What the gateway keeps. */
    Path ownDir() {
        return stateDir.resolve("gateway");
    }

    /** Tickets for when the platform does not answer. */
    Path standbyFile() {
        return ownDir().resolve("standby.json");
    }

    /** Who was banned when the platform last answered. */
    Path banFile() {
        return ownDir().resolve("bans.json");
    }

    /** Events that the platform has not taken yet. */
    Path auditDir() {
        return ownDir().resolve("audit");
    }

    /** Recordings of terminals that the platform has not taken yet. */
    Path recordingDir() {
        return ownDir().resolve("recordings");
    }

    /** The platform's, where the gateway may read its token. */
    Path platformDir() {
        return stateDir.resolve("platform");
    }

    /** The gateway's own Ed25519 host key. */
    Path hostKey() {
        return ownDir().resolve("ssh_host_ed25519_key");
    }

    /** The bearer token that opens the platform's login endpoint. */
    Path token() {
        return platformDir().resolve("gateway.token");
    }

    /** Where the node agent listens. */
    Path agentSocket() {
        return runDir.resolve("agent.sock");
    }

    /** Where the platform decides on logins. A platform that listens on every address is asked over loopback. */
    URI logins() {
        InetAddress address = platform.getAddress();
        String host = address.isAnyLocalAddress()
                ? (address.getAddress().length == 4 ? "127.0.0.1" : "::1")
                : address.getHostAddress();
        String literal = host.contains(":") ? "[" + host + "]" : host;
        return URI.create("http://" + literal + ":" + platform.getPort() + "/api/v1/gateway/logins");
    }
}
