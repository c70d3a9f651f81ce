// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.event;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One change, ready to be sent.
 *
 * @param horizon where a client that has this one resumes
 * @param tenantId whose it is; null for what is nobody's: everybody sees images, operators see the rest
 * @param json its data
 */
record Event(long horizon, EventKind kind, @Nullable UUID tenantId, String json) {
    /** The data. */
    record Data(@Nullable String tenant, Change change, Object resource) {}
}
