// SPDX-License-Identifier: Apache-2.0
package io.berth.core.seccomp;

import io.berth.core.linux.Errno;

/**
 * A system call that containers don't get.
 *
 * @param errno what the caller sees: ENOSYS where programs know how to do without, else EPERM
 * @param answer who says no
 * @param reason why, for people
 */
record Rule(String call, Numbers numbers, Condition when, Errno errno, Answer answer, String reason) {
    /** Who tells the caller. */
    enum Answer {
        /** The kernel, at once; nobody learns of it. For what ordinary software tries all the time and does without. */
        SILENT,
        /** The supervisor, which counts it and may grant an exception. */
        NOTIFIED
    }

    /** A denial that is counted. */
    Rule(String call, Numbers numbers, Condition when, Errno errno, String reason) {
        this(call, numbers, when, errno, Answer.NOTIFIED, reason);
    }

    String describe() {
        return call + when.describe() + ": " + errno.name() + (answer == Answer.SILENT ? ", uncounted" : "") + ": "
                + reason;
    }
}
