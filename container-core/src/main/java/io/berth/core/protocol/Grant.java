// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import java.time.Instant;

/**
 * An exception from a rule for one container.
 *
 * @param rule the rule's id
 * @param until from then on the rule holds again
 */
public record Grant(String rule, Instant until) {}
