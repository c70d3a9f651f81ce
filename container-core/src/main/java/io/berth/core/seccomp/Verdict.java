// SPDX-License-Identifier: Apache-2.0
package io.berth.core.seccomp;

import io.berth.core.linux.Errno;

/** What the policy says of a system call that its filter notified somebody of. */
public sealed interface Verdict {
    /**
     * The container doesn't get it.
     *
     * @param rule the rule's id, which is the call's name
     * @param errno what the caller is to see
     * @param reason why, for people
     */
    record Denied(String rule, Errno errno, String reason) implements Verdict {}

    /** Somebody else does it instead of the kernel. */
    record Emulate(Emulated call) implements Verdict {}

    /** No rule of this policy names it: the filter was compiled from another. */
    record Unknown() implements Verdict {}
}
