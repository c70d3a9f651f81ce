// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.node;

import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.Reply;
import io.berth.core.spec.ContainerId;
import java.util.Set;

/**
 * Is told what the node reports, in order, on one thread; may leave out what it has no use for. An exception makes the watch begin anew,
 * with everything.
 */
public interface NodeListener {
    /** A container as it is now. */
    default void observed(ContainerStatus status) {}

    /** How a running container differs from policy now; empty when it does not. */
    default void drifted(Reply.Drift drift) {}

    /** A container is gone. */
    default void removed(ContainerId id) {}

    /** The node has told everything that it has: these and no others. */
    void synchronised(Set<ContainerId> present);
}
