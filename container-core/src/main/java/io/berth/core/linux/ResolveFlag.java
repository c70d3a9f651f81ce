// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** struct open_how.resolve, include/uapi/linux/openat2.h; see openat2(2), since Linux 5.6. */
public enum ResolveFlag implements Constant {
    RESOLVE_NO_XDEV(0x01),
    RESOLVE_NO_MAGICLINKS(0x02),
    RESOLVE_NO_SYMLINKS(0x04),
    RESOLVE_BENEATH(0x08),
    RESOLVE_IN_ROOT(0x10),
    RESOLVE_CACHED(0x20);

    private final long value;

    ResolveFlag(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
