// SPDX-License-Identifier: Apache-2.0
package io.berth.core.seccomp;

import io.berth.core.linux.Architecture;
import java.util.List;

/** A set of system call numbers that a program may call by: AUDIT_ARCH_*, include/uapi/linux/audit.h. */
enum Abi {
    X86_64(0xC000003E),
    I386(0x40000003),
    AARCH64(0xC00000B7);

    private final int audit;

    Abi(int audit) {
        this.audit = audit;
    }

    int audit() {
        return audit;
    }

    /** What Berth's containers may use there, the most frequent first. 32-bit ARM is not among it. */
    static List<Abi> of(Architecture architecture) {
        return switch (architecture) {
            case X86_64 -> List.of(X86_64, I386);
            case AARCH64 -> List.of(AARCH64);
        };
    }
}
