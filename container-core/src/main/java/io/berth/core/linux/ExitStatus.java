// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How a process ended. */
public sealed interface ExitStatus {
    /** By exit(2). */
    record Exited(int code) implements ExitStatus {
        @Override
        public String describe() {
            return "exit status " + code;
        }
    }

    /** By a signal. */
    record Killed(int signal, boolean coreDumped) implements ExitStatus {
        @Override
        public String describe() {
            String name = Signal.of(signal).map(Signal::name).orElse("signal " + signal);
            return "killed by " + name + (coreDumped ? " (core dumped)" : "");
        }
    }

    /** The size of siginfo_t, include/uapi/asm-generic/siginfo.h. */
    int SIGINFO_BYTES = 128;

    String describe();

    default boolean isSuccess() {
        return this instanceof Exited(int code) && code == 0;
    }

    /** As a shell's {@code $?}: a signal is 128 + its number. */
    default int shellCode() {
        return switch (this) {
            case Exited(int code) -> code;
            case Killed(int signal, boolean _) -> 128 + signal;
        };
    }

    /** From the siginfo_t that waitid(2) fills in, on 64-bit machines. */
    static ExitStatus ofSiginfo(byte[] siginfo) {
        ByteBuffer fields = ByteBuffer.wrap(siginfo).order(ByteOrder.nativeOrder());
        int code = fields.getInt(8); // si_code
        int status = fields.getInt(24); // si_status
        return switch (code) {
            case 1 -> new Exited(status); // CLD_EXITED
            case 2 -> new Killed(status, false); // CLD_KILLED
            case 3 -> new Killed(status, true); // CLD_DUMPED
            default -> throw new IllegalArgumentException("siginfo of no ended process: si_code " + code);
        };
    }

    /** From the status word of wait(2). */
    static ExitStatus ofWaitStatus(int status) {
        int signal = status & 0x7f;
        return signal == 0 ? new Exited((status >> 8) & 0xff) : new Killed(signal, (status & 0x80) != 0);
    }
}
