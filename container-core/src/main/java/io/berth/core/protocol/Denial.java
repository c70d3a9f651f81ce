// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import java.time.Instant;

/**
 * Something that a container asked of the kernel and didn't get. The same again counts up instead of pushing others out.
 *
 * @param rule the id of the rule that said no
 * @param call the system call with its arguments in words; addresses are left out
 * @param error what the caller saw, such as EPERM
 * @param process the caller's name, at most 15 characters, which it chose itself
 * @param pid the caller's last pid, in the host's numbering
 * @param times how often
 * @param first when for the first time
 * @param last when for the last time
 */
public record Denial(
        String rule, String call, String error, String process, int pid, long times, Instant first, Instant last) {}
