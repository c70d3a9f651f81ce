// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.LibC.Loaded.C;
import static io.berth.core.linux.LibC.Loaded.RUNTIME;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The one way into the kernel. An argument is an {@link Fd}, {@link NativeBuffer}, {@link Flags}, {@link Constant} or number; each
 * knows how it reads in a message, so that a failure shows the call as a man page writes it.
 *
 * <p>Credentials, namespaces and errno belong to the calling thread. A call blocks its carrier when made on a virtual thread.
 */
public final class Syscall {
    private Syscall() {}

    /**
     * @return the result; EINTR starts anew (a raw ppoll keeps the remaining time in its timespec)
     * @throws SyscallException when the kernel says no
     */
    public static long call(Sys call, Object... args) {
        long result = attempt(call, args);
        if (result < 0) {
            throw new SyscallException(describe(call, args), Errno.of(-result));
        }
        return result;
    }

    /** @return the result, or the errno's negative; EINTR starts anew */
    public static long attempt(Sys call, Object... args) {
        long result;
        do {
            result = once(call, args);
        } while (result == -Errno.EINTR.number());
        return result;
    }

    /** @return the result, or the errno's negative, -EINTR among them */
    static long once(Sys call, Object... args) {
        if (args.length > 6) {
            throw new IllegalArgumentException(describe(call, args) + " has more than 6 arguments");
        }
        long[] v = new long[6];
        for (int i = 0; i < args.length; i++) {
            v[i] = value(args[i]);
        }
        try {
            long result = C.syscall(call.number(), v[0], v[1], v[2], v[3], v[4], v[5]);
            return result == -1 ? -RUNTIME.getLastError() : result;
        } finally {
            Reference.reachabilityFence(args);
        }
    }

    private static long value(Object arg) {
        return switch (arg) {
            case Fd fd -> fd.number();
            case NativeBuffer buffer -> buffer.address();
            case Flags flags -> flags.bits();
            case Constant constant -> constant.value();
            case Number number -> number.longValue();
            default -> throw new IllegalArgumentException("no argument of a system call: " + arg.getClass());
        };
    }

    static String describe(Sys call, Object... args) {
        return Arrays.stream(args).map(String::valueOf).collect(Collectors.joining(", ", call.call() + "(", ")"));
    }
}
