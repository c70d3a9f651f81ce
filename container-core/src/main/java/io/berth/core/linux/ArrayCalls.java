// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/**
 * What a byte that passes through costs most: read(2), write(2), recv(2) and send(2) straight on Java's arrays, and ppoll(2), by the
 * JDK's own foreign functions. The arrays stay where they are meanwhile ({@link Linker.Option#critical}), and the garbage collector
 * waits: so descriptors that are read and written here never block, being in non-blocking mode (read, write) or asked not to (recv,
 * send). A part is bounded for the same reason.
 *
 * <p>Results are as of {@link Syscall#attempt}: what the call returns, or the errno's negative. EINTR starts anew.
 */
public final class ArrayCalls {
    /** Most bytes of one call: it takes some 20 µs to copy them. */
    static final int MOST_BYTES = 256 * 1024;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout ERRNO_LAYOUT = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = ERRNO_LAYOUT.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final int ERRNO_INTS = (int) (ERRNO_LAYOUT.byteSize() / Integer.BYTES);

    private static final int MSG_DONTWAIT = (int) SocketConstant.MSG_DONTWAIT.value();
    private static final int MSG_NOSIGNAL = (int) SocketConstant.MSG_NOSIGNAL.value();

    private static final MethodHandle READ = onArray("read");
    private static final MethodHandle WRITE = onArray("write");
    private static final MethodHandle RECV = withFlags("recv", MSG_DONTWAIT);
    private static final MethodHandle SEND = withFlags("send", MSG_DONTWAIT | MSG_NOSIGNAL);
    private static final MethodHandle PPOLL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("ppoll"),
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private ArrayCalls() {}

    private static MethodHandle onArray(String name, MemoryLayout... more) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG).appendArgumentLayouts(more),
                Linker.Option.captureCallState("errno"),
                Linker.Option.critical(true));
    }

    private static MethodHandle withFlags(String name, int flags) {
        MethodHandle call = onArray(name, JAVA_INT);
        return MethodHandles.insertArguments(call, call.type().parameterCount() - 1, flags);
    }

    /** @param fd in non-blocking mode */
    public static int read(Fd fd, byte[] into, int offset, int length) {
        return attempt(READ, fd, into, offset, length);
    }

    /** @param fd in non-blocking mode */
    public static int write(Fd fd, byte[] bytes, int offset, int length) {
        return attempt(WRITE, fd, bytes, offset, length);
    }

    /** @param socket of any mode: it is not waited for */
    public static int recv(Fd socket, byte[] into, int offset, int length) {
        return attempt(RECV, socket, into, offset, length);
    }

    /** @param socket of any mode: it is not waited for; no SIGPIPE */
    public static int send(Fd socket, byte[] bytes, int offset, int length) {
        return attempt(SEND, socket, bytes, offset, length);
    }

    /** Waits as long as it takes; may return early. */
    static void ppoll(NativeBuffer pollfds, int count) {
        try {
            int _ = (int) PPOLL.invokeExact(pollfds.address(), (long) count, 0L, 0L);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static int attempt(MethodHandle call, Fd fd, byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        MemorySegment part = MemorySegment.ofArray(bytes).asSlice(offset, length);
        MemorySegment state = MemorySegment.ofArray(new int[ERRNO_INTS]);
        try {
            while (true) {
                long result = (long) call.invokeExact(state, fd.number(), part, (long) Math.min(length, MOST_BYTES));
                if (result >= 0) {
                    return (int) result;
                }
                int errno = (int) ERRNO.get(state, 0L);
                if (errno != Errno.EINTR.number()) {
                    return -errno;
                }
            }
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** A handle of the linker's throws nothing of its own but errors, and what its arguments deserve. */
    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException exception ? exception : new IllegalStateException(e);
    }
}
