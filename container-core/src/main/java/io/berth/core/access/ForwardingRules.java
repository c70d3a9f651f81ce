// SPDX-License-Identifier: Apache-2.0
package io.berth.core.access;

import io.berth.core.spec.InvalidSpecException;
import java.util.List;

/**
 * What a login may forward. OpenSSH's no-port-forwarding, permitopen, permitlisten, no-agent-forwarding, no-X11-forwarding.
 *
 * @param ports TCP ports and Unix sockets, either way
 * @param agent the client's authentication agent
 * @param x11 the client's display
 * @param open where connections may go; empty for everywhere
 * @param listen where the container may listen for the client; empty for everywhere
 */
public record ForwardingRules(boolean ports, boolean agent, boolean x11, List<Endpoint> open, List<Endpoint> listen) {
    private static final int MOST = 64;

    public static final ForwardingRules EVERYTHING = new ForwardingRules(true, true, true, List.of(), List.of());

    public ForwardingRules {
        open = List.copyOf(open);
        listen = List.copyOf(listen);
        if (open.size() > MOST) {
            throw new InvalidSpecException("permitOpen", open.size() + " entries are too many; give up to " + MOST);
        }
        if (listen.size() > MOST) {
            throw new InvalidSpecException("permitListen", listen.size() + " entries are too many; give up to " + MOST);
        }
        if (open.stream().anyMatch(Endpoint::hasWildcards)) {
            throw new InvalidSpecException("permitOpen", "a host is taken literally here; name it, or give * for any");
        }
    }

    /** A direct-tcpip channel, ssh's -L, -D and -W. */
    public boolean allowsConnect(String host, int port) {
        return ports && (open.isEmpty() || open.stream().anyMatch(endpoint -> endpoint.covers(host, port)));
    }

    /**
     * A tcpip-forward request, ssh's -R. A client that names no address sends {@code localhost}.
     *
     * @param port 0 when the client leaves it to us, which only an entry for any port covers
     */
    public boolean allowsListen(String host, int port) {
        return ports && (listen.isEmpty() || listen.stream().anyMatch(endpoint -> endpoint.covers(host, port)));
    }

    /**
     * A direct-streamlocal channel. sshd lets a key whose permitopen names ports reach every Unix socket all the same; here a list
     * of what is permitted permits nothing else.
     */
    public boolean allowsUnixConnect() {
        return ports && open.isEmpty();
    }

    /** A streamlocal-forward request; see {@link #allowsUnixConnect}. */
    public boolean allowsUnixListen() {
        return ports && listen.isEmpty();
    }
}
