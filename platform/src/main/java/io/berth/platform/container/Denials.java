// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.protocol.DenialReport;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;

/**
 * What a container was denied by its seccomp rules. The host's pids are left out: they are of no use to a tenant.
 *
 * @param since when counting began: with the container's start, or the agent's if that was later
 * @param counts by rule
 * @param recent the newest first
 * @param grants the exceptions that hold now
 */
record Denials(Instant since, List<Count> counts, List<Denial> recent, List<Held> grants) {
    Denials {
        counts = List.copyOf(counts);
        recent = List.copyOf(recent);
        grants = List.copyOf(grants);
    }

    /** How often a rule said no, and why it is there. */
    record Count(String rule, long count, String reason) {}

    /**
     * One kind of denial.
     *
     * @param rule which rule said no
     */
    record Denial(
            String rule,

            @Schema(description = "the system call with its arguments in words", example = "umount2(flags=0x1)")
            String call,

            @Schema(description = "what the caller saw", example = "EPERM")
            String error,

            @Schema(description = "the caller's name, which it chose itself")
            String process,

            long times,
            Instant first,
            Instant last) {}

    /** A rule that does not hold for the container until then. */
    record Held(String rule, Instant until) {}

    static Denials of(DenialReport report) {
        return new Denials(
                report.since(),
                report.counts().stream()
                        .map(count -> new Count(count.rule(), count.count(), count.reason()))
                        .toList(),
                report.recent().stream().map(Denials::denial).toList(),
                report.grants().stream()
                        .map(grant -> new Held(grant.rule(), grant.until()))
                        .toList());
    }

    private static Denial denial(io.berth.core.protocol.Denial denial) {
        return new Denial(
                denial.rule(),
                denial.call(),
                denial.error(),
                denial.process(),
                denial.times(),
                denial.first(),
                denial.last());
    }
}
