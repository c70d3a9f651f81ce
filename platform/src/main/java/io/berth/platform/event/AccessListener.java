// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.event;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Holds something open for people and must look again whether it still may when what they may do has changed. */
public interface AccessListener {
    /** Whether anything is open at all. */
    boolean holdsAnything();

    /**
     * Is told soon after the change, on a thread that must not be kept waiting for the network.
     *
     * @param user whose reach has changed, null for all of the tenant's
     * @param tenant where, null for everywhere
     */
    void accessChanged(@Nullable UUID user, @Nullable UUID tenant);
}
