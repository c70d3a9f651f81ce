// SPDX-License-Identifier: Apache-2.0
package io.berth.core.plan;

import io.berth.core.linux.Errno;

/** A step of a running plan failed: {@code volume target '/nonexistent' [step 14]: ENOENT (no such file or directory)}. */
public final class PlanException extends RuntimeException {
    private final String step;
    private final Errno errno;

    PlanException(String step, Errno errno) {
        super(step + ": " + errno);
        this.step = step;
        this.errno = errno;
    }

    PlanException(String step, Errno errno, String reason) {
        super(step + ": " + errno + ": " + reason);
        this.step = step;
        this.errno = errno;
    }

    /** What the step was for, and its index. */
    public String step() {
        return step;
    }

    public Errno errno() {
        return errno;
    }
}
