// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

/**
 * How often a rule said no.
 *
 * @param rule its id
 * @param reason why it is there, for people
 */
public record RuleCount(String rule, long count, String reason) {}
