// SPDX-License-Identifier: Apache-2.0
package io.berth.core.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;

/** Runs a classic BPF program as the kernel does: from its bytes, and only by instructions that seccomp allows. */
final class Interpreter {
    private static final int SECCOMP_DATA_BYTES = 64;

    /** What the filter returns, which offsets it looked at and how many instructions that took. */
    record Verdict(int action, Set<Integer> loaded, int executed) {
        boolean allows() {
            return action == Instruction.SECCOMP_RET_ALLOW;
        }

        int errno() {
            return (action & 0xffff0000) == Instruction.SECCOMP_RET_ERRNO ? action & 0xffff : -1;
        }
    }

    private final ByteBuffer program;

    Interpreter(byte[] program) {
        this.program = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The parameters are struct seccomp_data, include/uapi/linux/seccomp.h. */
    Verdict run(int abi, int number, long... arguments) {
        ByteBuffer data = ByteBuffer.allocate(SECCOMP_DATA_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(0, number).putInt(4, abi);
        for (int i = 0; i < arguments.length; i++) {
            data.putLong(16 + 8 * i, arguments[i]);
        }
        Set<Integer> loaded = new HashSet<>();
        int accumulator = 0;
        int executed = 0;
        int at = 0;
        while (true) {
            int code = program.getShort(8 * at);
            int jt = Byte.toUnsignedInt(program.get(8 * at + 2));
            int jf = Byte.toUnsignedInt(program.get(8 * at + 3));
            int k = program.getInt(8 * at + 4);
            at++;
            executed++;
            switch (code) {
                case 0x20 -> { // BPF_LD|BPF_W|BPF_ABS
                    accumulator = data.getInt(k);
                    loaded.add(k);
                }
                case 0x05 -> at += k; // BPF_JMP|BPF_JA
                case 0x15 -> at += accumulator == k ? jt : jf; // BPF_JMP|BPF_JEQ|BPF_K
                case 0x35 -> at += Integer.compareUnsigned(accumulator, k) >= 0 ? jt : jf; // BPF_JMP|BPF_JGE|BPF_K
                case 0x45 -> at += (accumulator & k) != 0 ? jt : jf; // BPF_JMP|BPF_JSET|BPF_K
                case 0x06 -> { // BPF_RET|BPF_K
                    return new Verdict(k, loaded, executed);
                }
                default -> throw new IllegalStateException("instruction " + code + " at " + (at - 1));
            }
        }
    }
}
