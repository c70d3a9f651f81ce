// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.terminal;

import io.berth.core.protocol.Reply;
import java.util.Map;

/** How a shell ended, as a shell shows it in $?. */
final class ExitCode {
    private static final int BY_SIGNAL = 128;

    /** Those that commonly end a shell, include/uapi/asm-generic/signal.h. */
    private static final Map<String, Integer> SIGNALS = Map.of(
            "HUP", 1, "INT", 2, "QUIT", 3, "ILL", 4, "ABRT", 6, "KILL", 9, "SEGV", 11, "PIPE", 13, "ALRM", 14, "TERM",
            15);

    private static final int UNKNOWN = 255; // as ssh(1) has it

    private ExitCode() {}

    static int of(Reply.Exited exited) {
        Integer code = exited.code();
        if (code != null) {
            return code;
        }
        String name = exited.signal();
        Integer signal = name == null ? null : SIGNALS.get(name);
        return signal == null ? UNKNOWN : BY_SIGNAL + signal;
    }
}
