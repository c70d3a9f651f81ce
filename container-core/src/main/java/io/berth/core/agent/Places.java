// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** How many more connections each peer may open. */
final class Places {
    private final Map<Peer, Semaphore> free = new EnumMap<>(Peer.class);

    Places() {
        for (Peer peer : Peer.values()) {
            free.put(peer, new Semaphore(peer.mostConnections()));
        }
    }

    /** @return false when the peer has as many as it may have */
    boolean take(Peer peer) {
        return of(peer).tryAcquire();
    }

    void giveBack(Peer peer) {
        of(peer).release();
    }

    private Semaphore of(Peer peer) {
        Semaphore semaphore = free.get(peer);
        if (semaphore == null) {
            throw new IllegalStateException("no places for " + peer);
        }
        return semaphore;
    }
}
