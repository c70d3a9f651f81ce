// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import java.util.Arrays;
import java.util.Optional;

/** include/uapi/asm-generic/signal.h; see signal(7). Real-time signals are SIGRTMIN + n: systemd takes them for its targets. */
public enum Signal implements Constant {
    SIGHUP(1),
    SIGINT(2),
    SIGQUIT(3),
    SIGILL(4),
    SIGTRAP(5),
    SIGABRT(6),
    SIGBUS(7),
    SIGFPE(8),
    SIGKILL(9),
    SIGUSR1(10),
    SIGSEGV(11),
    SIGUSR2(12),
    SIGPIPE(13),
    SIGALRM(14),
    SIGTERM(15),
    SIGSTKFLT(16),
    SIGCHLD(17),
    SIGCONT(18),
    SIGSTOP(19),
    SIGTSTP(20),
    SIGTTIN(21),
    SIGTTOU(22),
    SIGURG(23),
    SIGXCPU(24),
    SIGXFSZ(25),
    SIGVTALRM(26),
    SIGPROF(27),
    SIGWINCH(28),
    SIGIO(29),
    SIGPWR(30),
    SIGSYS(31);

    private final long value;

    Signal(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }

    /** glibc keeps the kernel's first two real-time signals for itself; systemd counts from here. */
    public static final int SIGRTMIN = 34;

    public int number() {
        return (int) value;
    }

    /** Empty for a real-time signal. */
    public static Optional<Signal> of(int number) {
        return Arrays.stream(values()).filter(signal -> signal.value == number).findFirst();
    }
}
