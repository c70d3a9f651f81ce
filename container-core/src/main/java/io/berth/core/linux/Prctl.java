// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** PR_*, include/uapi/linux/prctl.h; see prctl(2). */
public enum Prctl implements Constant {
    PR_SET_PDEATHSIG(1),
    PR_GET_DUMPABLE(3),
    PR_SET_DUMPABLE(4),
    PR_SET_KEEPCAPS(8),
    PR_SET_NAME(15),
    PR_CAPBSET_READ(23),
    PR_CAPBSET_DROP(24),
    PR_GET_SECUREBITS(27),
    PR_SET_SECUREBITS(28),
    PR_SET_CHILD_SUBREAPER(36),
    PR_SET_NO_NEW_PRIVS(38),
    PR_CAP_AMBIENT(47);

    private final long value;

    Prctl(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
