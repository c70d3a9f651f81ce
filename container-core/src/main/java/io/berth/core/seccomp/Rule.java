// SPDX-License-Identifier: Apache-2.0
package io.berth.core.seccomp;

import io.berth.core.linux.Errno;

/**
 * A system call that containers don't get.
 *
 * @param errno what the caller sees: ENOSYS where programs know how to do without, else EPERM
 * @param reason why, for people
 */
record Rule(String call, Numbers numbers, Condition when, Errno errno, String reason) {
    String describe() {
        return call + when.describe() + ": " + errno.name() + ": " + reason;
    }
}
