// SPDX-License-Identifier: Apache-2.0
package io.berth.core.mount;

import io.berth.core.plan.PlanBuilder;
import java.util.List;

/** In the place of the real one: /proc and /sys as the kernel makes them. */
public final class MaskedPaths {
    static final String UNCOVERED = ".berth"; // /dev has the directory all the same

    /** As the real one's. */
    public record Masked(String path) {}

    public static final List<Masked> MASKED = List.of();

    private MaskedPaths() {}

    static void apply(PlanBuilder plan) {}

    public static String describe() {
        return "";
    }
}
