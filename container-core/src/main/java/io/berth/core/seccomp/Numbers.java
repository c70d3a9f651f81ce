// SPDX-License-Identifier: Apache-2.0
package io.berth.core.seccomp;

import java.util.OptionalInt;

/**
 * A system call's number by ABI: arch/x86/entry/syscalls/syscall_{64,32}.tbl and scripts/syscall.tbl. A table of its own beside
 * {@link io.berth.core.linux.Sys}, because a filter also names calls that nobody should make, and i386's numbers.
 */
record Numbers(int x8664, int i386, int aarch64) {
    /** The ABI lacks the call. */
    static final int NONE = -1;

    /** The same number everywhere, as for all calls since Linux 5.1. */
    static Numbers everywhere(int number) {
        return new Numbers(number, number, number);
    }

    OptionalInt on(Abi abi) {
        int number = switch (abi) {
            case X86_64 -> x8664;
            case I386 -> i386;
            case AARCH64 -> aarch64;
        };
        return number == NONE ? OptionalInt.empty() : OptionalInt.of(number);
    }
}
