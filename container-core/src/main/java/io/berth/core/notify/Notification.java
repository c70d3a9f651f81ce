// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.linux.NativeBuffer;

/** A system call that waits for an answer: struct seccomp_notif, include/uapi/linux/seccomp.h. */
final class Notification {
    private static final int ARGUMENTS = 32;
    private static final int AUDIT_ARCH_I386 = 0x40000003; // include/uapi/linux/audit.h

    private final long id;
    private final int tid;
    private final int number;
    private final int audit;
    private final long[] arguments = new long[6];

    private Notification(NativeBuffer notif) {
        id = id(notif);
        tid = notif.getInt(8);
        number = notif.getInt(16);
        audit = notif.getInt(20);
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = notif.getLong(ARGUMENTS + Long.BYTES * i);
        }
    }

    static Notification of(NativeBuffer notif) {
        return new Notification(notif);
    }

    /** 0 where there is none: an id is never 0, as it begins with a random number and counts up. */
    static long id(NativeBuffer notif) {
        return notif.getLong(0);
    }

    /** The call's own, as long as its filter lives. */
    long id() {
        return id;
    }

    /** The calling thread, in the host's numbering. */
    int tid() {
        return tid;
    }

    int number() {
        return number;
    }

    /** AUDIT_ARCH_*, which says whose numbers {@link #number} is of. */
    int audit() {
        return audit;
    }

    /** By a program of 32 bits, whose structures are smaller. */
    boolean isI386() {
        return audit == AUDIT_ARCH_I386;
    }

    /** All six registers. */
    long[] arguments() {
        return arguments.clone();
    }

    /** One that the kernel takes as int. */
    int argument(int index) {
        return (int) arguments[index];
    }
}
