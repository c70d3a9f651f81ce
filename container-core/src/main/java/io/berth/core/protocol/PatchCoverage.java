// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import io.berth.core.spec.ContainerId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a virtual patch does for one container.
 *
 * @param container its id
 * @param init since when its PID 1 and all that descends from that goes without the call; null when not before the next start
 * @param logins since when logins do; one that was open before keeps the call until it ends
 */
public record PatchCoverage(ContainerId container, @Nullable Instant init, Instant logins) {}
