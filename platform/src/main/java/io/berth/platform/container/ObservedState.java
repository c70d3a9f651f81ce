// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.spec.ContainerState;

/** Where a container stands, as its node last said. */
enum ObservedState {
    RUNNING,
    STOPPED,
    FROZEN,
    BROKEN,
    /** The node does not have it, although it should. */
    MISSING;

    static ObservedState of(ContainerState state) {
        return switch (state) {
            case RUNNING -> RUNNING;
            case STOPPED -> STOPPED;
            case FROZEN -> FROZEN;
            case BROKEN -> BROKEN;
        };
    }
}
