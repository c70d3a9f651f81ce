// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** include/uapi/linux/close_range.h; see close_range(2), since Linux 5.9. */
public enum CloseRangeFlag implements Constant {
    CLOSE_RANGE_UNSHARE(2),
    CLOSE_RANGE_CLOEXEC(4);

    private final long value;

    CloseRangeFlag(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
