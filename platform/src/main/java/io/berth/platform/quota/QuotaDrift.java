// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.quota;

import org.jspecify.annotations.Nullable;

/**
 * Something that is counted otherwise than it is.
 *
 * @param resource null where whole containers differ
 * @param container its id, null where sums differ
 */
record QuotaDrift(
        Kind kind,
        String tenant,
        @Nullable Resource resource,
        @Nullable String container,
        String detail) {
    /** How it differs. */
    enum Kind {
        /** The count is not the sum of the rows. */
        COUNT,
        /** A node has a container that nothing is reserved for. */
        UNKNOWN,
        /** Something is reserved for a container that its node does not have. */
        MISSING,
        /** A node gives a container other limits than are reserved for it. */
        LIMITS
    }
}
