// SPDX-License-Identifier: Apache-2.0
package io.berth.core.passport;

import java.util.ArrayList;
import java.util.List;

/** The platform's rules on what the kernel says about a container; pure. Each has its reason beside it. */
public final class Policy {
    private Policy() {}

    /** All lines, in the order in which an auditor reads them. */
    public static List<Line> judge(Facts facts, Expectation expectation) {
        List<Line> lines = new ArrayList<>();
        lines.add(Line.of(
                "host.kernel", facts.host().kernel(), facts.host().kernel(), "says which kernel the rest is about"));
        lines.addAll(IdRules.judge(facts, expectation));
        lines.addAll(PrivilegeRules.judge(facts, expectation));
        lines.addAll(MountRules.judge(facts, expectation));
        lines.addAll(ResourceRules.judge(facts, expectation));
        lines.addAll(MonitorRules.judge(facts, expectation));
        return List.copyOf(lines);
    }
}
