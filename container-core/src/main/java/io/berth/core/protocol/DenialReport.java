// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import java.time.Instant;
import java.util.List;

/**
 * What one container was denied.
 *
 * @param since when counting began: at the agent's start, or the container's if that was later
 * @param counts by rule
 * @param recent the newest first
 * @param grants the exceptions that hold now
 */
public record DenialReport(Instant since, List<RuleCount> counts, List<Denial> recent, List<Grant> grants) {
    public DenialReport {
        counts = List.copyOf(counts);
        recent = List.copyOf(recent);
        grants = List.copyOf(grants);
    }
}
