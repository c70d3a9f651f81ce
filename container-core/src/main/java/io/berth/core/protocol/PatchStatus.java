// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import java.time.Instant;

/**
 * A virtual patch: a system call that no container of the node gets.
 *
 * @param call the system call's name
 * @param addedAt logins since then go without it, and containers that were started since then
 */
public record PatchStatus(String call, Instant addedAt) {}
