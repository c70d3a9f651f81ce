// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** RLIMIT_*, include/uapi/asm-generic/resource.h; see prlimit(2). */
public enum Resource implements Constant {
    RLIMIT_CPU(0),
    RLIMIT_FSIZE(1),
    RLIMIT_STACK(3),
    RLIMIT_CORE(4),
    RLIMIT_NPROC(6),
    RLIMIT_NOFILE(7),
    RLIMIT_MEMLOCK(8);

    private final long value;

    Resource(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
