// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import java.util.Optional;

/**
 * Tells a peer by the uid that the kernel recorded at connect(2).
 *
 * @param platformUid the platform's
 * @param gatewayUid the gateway's
 */
record Peers(int platformUid, int gatewayUid) {
    /** @throws IllegalArgumentException when two of the three share a uid: one could then do what the other may */
    Peers {
        if (platformUid == gatewayUid || platformUid == 0 || gatewayUid == 0) {
            throw new IllegalArgumentException("root, platform and gateway need three different uids, but platform is "
                    + platformUid + " and gateway is " + gatewayUid
                    + "; set BERTH_PLATFORM_USER and BERTH_GATEWAY_USER to two users of their own");
        }
    }

    Optional<Peer> of(int uid) {
        if (uid == 0) {
            return Optional.of(Peer.ROOT);
        }
        if (uid == platformUid) {
            return Optional.of(Peer.PLATFORM);
        }
        return uid == gatewayUid ? Optional.of(Peer.GATEWAY) : Optional.empty();
    }
}
