// SPDX-License-Identifier: Apache-2.0
package io.berth.core.capability;

import io.berth.core.plan.PlanBuilder;
import java.util.List;

/** In the place of the real one: nothing is dropped. */
public final class BoundingSet {
    /** As the real one's. */
    public record Dropped(Capability capability, String reason) {}

    public static final List<Dropped> DROPPED = List.of();

    private BoundingSet() {}

    public static CapabilitySet dropped() {
        return CapabilitySet.NONE;
    }

    public static void drop(PlanBuilder plan) {}

    public static void drop(PlanBuilder plan, CapabilitySet kept) {}

    public static String describe() {
        return "";
    }
}
