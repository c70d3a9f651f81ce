// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** include/uapi/linux/memfd.h; see memfd_create(2). */
public enum MemfdFlag implements Constant {
    MFD_CLOEXEC(1),
    MFD_ALLOW_SEALING(2),
    /** Since Linux 6.3. */
    MFD_NOEXEC_SEAL(8),
    /** Since Linux 6.3. */
    MFD_EXEC(0x10);

    private final long value;

    MemfdFlag(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
