// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

/** Who may talk to the agent at all. */
enum Peer {
    /** The host's root: the operator. */
    ROOT(256),
    /** The platform's uid; every terminal in a browser holds a connection. */
    PLATFORM(64 + 400),
    /** The gateway's uid; every open session holds a connection. */
    GATEWAY(4096);

    private final int mostConnections;

    Peer(int mostConnections) {
        this.mostConnections = mostConnections;
    }

    /** How many connections all processes of this uid may hold at once: each costs the agent a thread. */
    int mostConnections() {
        return mostConnections;
    }
}
