// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.node;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A system call that no container gets.
 *
 * @param addedBy null when the account is gone
 * @param takesEffect when, in words
 * @param nodes how far it has come
 */
record VirtualPatch(
        String call, String reason, @Nullable String addedBy, Instant addedAt, String takesEffect, List<OnNode> nodes) {
    static final String EFFECT =
            "on each node, for logins that begin after appliedAt, and for a container's init and all that it"
                    + " starts from the container's next start on; sessions that are open keep the call until they end";

    VirtualPatch {
        nodes = List.copyOf(nodes);
    }

    /** One node's part. */
    record OnNode(
            String node,

            @Schema(description = "null while the node has not been reached, or does not take it") @Nullable
            Instant appliedAt,

            @Schema(description = "why the node does not take it") @Nullable
            String trouble) {}
}
