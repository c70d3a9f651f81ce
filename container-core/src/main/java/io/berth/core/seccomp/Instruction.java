// SPDX-License-Identifier: Apache-2.0
package io.berth.core.seccomp;

import io.berth.core.linux.Errno;
import java.nio.ByteBuffer;

/** struct sock_filter, include/uapi/linux/filter.h: a jump goes {@code jt} or {@code jf} instructions past the next one. */
record Instruction(int code, int jt, int jf, int k) {
    static final int SIZE = 8;

    // include/uapi/linux/bpf_common.h. The kernel follows exactly these when it works out which calls are allowed
    // whatever their
    // arguments, and then skips the filter for them (seccomp_is_const_allow, kernel/seccomp.c, since Linux 5.11)
    static final int LD_W_ABS = 0x20;
    static final int JA = 0x05;
    static final int JEQ_K = 0x15;
    static final int JGE_K = 0x35;
    static final int JSET_K = 0x45;
    static final int RET_K = 0x06;

    // include/uapi/linux/seccomp.h
    static final int SECCOMP_RET_KILL_PROCESS = 0x80000000;
    static final int SECCOMP_RET_ERRNO = 0x00050000;
    static final int SECCOMP_RET_ALLOW = 0x7fff0000;
    static final int SECCOMP_RET_USER_NOTIF = 0x7fc00000;

    // offsets in struct seccomp_data; little endian, so an argument's low half comes first
    static final int NR = 0;
    static final int ARCH = 4;
    private static final int ARGS = 16;

    private static final int MAX_OFFSET = 255;

    Instruction {
        if (jt > MAX_OFFSET || jf > MAX_OFFSET) {
            throw new IllegalArgumentException("a jump over " + Math.max(jt, jf) + " instructions; BPF reaches 255");
        }
    }

    static Instruction load(int offset) {
        return new Instruction(LD_W_ABS, 0, 0, offset);
    }

    static Instruction loadArgument(int argument) {
        return load(ARGS + Long.BYTES * argument);
    }

    static Instruction jump(int over) {
        return new Instruction(JA, 0, 0, over);
    }

    static Instruction jumpIfEqual(int value, int jt, int jf) {
        return new Instruction(JEQ_K, jt, jf, value);
    }

    /** Unsigned. */
    static Instruction jumpIfAtLeast(int value, int jt, int jf) {
        return new Instruction(JGE_K, jt, jf, value);
    }

    static Instruction jumpIfAnyBit(int bits, int jt, int jf) {
        return new Instruction(JSET_K, jt, jf, bits);
    }

    static Instruction allow() {
        return new Instruction(RET_K, 0, 0, SECCOMP_RET_ALLOW);
    }

    static Instruction killProcess() {
        return new Instruction(RET_K, 0, 0, SECCOMP_RET_KILL_PROCESS);
    }

    static Instruction fail(Errno errno) {
        return new Instruction(RET_K, 0, 0, SECCOMP_RET_ERRNO | errno.number());
    }

    /** Since Linux 5.0. */
    static Instruction notifySupervisor() {
        return new Instruction(RET_K, 0, 0, SECCOMP_RET_USER_NOTIF);
    }

    void encode(ByteBuffer into) {
        into.putShort((short) code).put((byte) jt).put((byte) jf).putInt(k);
    }
}
