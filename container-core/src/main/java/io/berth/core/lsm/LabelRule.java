// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lsm;

import java.util.function.Predicate;

/**
 * Which label, as /proc/PID/attr/current shows it, a container's init is to have.
 *
 * @param words the label, for people; empty for none
 * @param holds whether one is such a label
 */
public record LabelRule(String words, Predicate<String> holds) {
    static final LabelRule NONE = new LabelRule("", _ -> true);
}
