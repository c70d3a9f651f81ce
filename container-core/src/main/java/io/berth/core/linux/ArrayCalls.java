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
 * What a byte that passes through costs most, by the JDK's own foreign functions: recv(2) and send(2) straight on Java's arrays, read(2)
 * and write(2) on memory that lies still, and ppoll(2).
 *
 * <p>An array stays where it is during a call, and the garbage collector waits for that ({@link Linker.Option#critical}): so only for
 * sockets whose other end is on another machine or with a client, and never waiting (MSG_DONTWAIT). Pipes, terminals and Unix sockets have
 * a container's process at the other end, and O_NONBLOCK does not bound what that can make a call wait for: splice(2) holds a pipe's
 * mutex while it waits elsewhere, and a read can drop the last reference to a file that came as SCM_RIGHTS. Calls on those hold up their
 * own thread alone.
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
    private static final int MSG_MORE = (int) SocketConstant.MSG_MORE.value();

    private static final MethodHandle READ = onMemory("read");
    private static final MethodHandle WRITE = onMemory("write");
    private static final MethodHandle RECV = withFlags("recv", MSG_DONTWAIT);
    private static final MethodHandle SEND = withFlags("send", MSG_DONTWAIT | MSG_NOSIGNAL);
    private static final MethodHandle SEND_MORE = withFlags("send", MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE);
    private static final MethodHandle PPOLL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("ppoll"),
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private ArrayCalls() {}

    private static MethodHandle onMemory(String name) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG),
                Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle withFlags(String name, int flags) {
        MethodHandle call = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT),
                Linker.Option.captureCallState("errno"),
                Linker.Option.critical(true));
        return MethodHandles.insertArguments(call, call.type().parameterCount() - 1, flags);
    }

    /** @param errno of at least {@link #errnoBytes} */
    static int read(Fd fd, NativeBuffer into, int length, NativeBuffer errno) {
        return attempt(READ, fd, into, length, errno);
    }

    /** @param errno of at least {@link #errnoBytes} */
    static int write(Fd fd, NativeBuffer bytes, int length, NativeBuffer errno) {
        return attempt(WRITE, fd, bytes, length, errno);
    }

    static int errnoBytes() {
        return (int) ERRNO_LAYOUT.byteSize();
    }

    private static int attempt(MethodHandle call, Fd fd, NativeBuffer bytes, int length, NativeBuffer errno) {
        MemorySegment state = MemorySegment.ofAddress(errno.address()).reinterpret(ERRNO_LAYOUT.byteSize());
        try {
            while (true) {
                long result = (long)
                        call.invokeExact(state, fd.number(), bytes.address(), (long) Math.min(length, bytes.size()));
                if (result >= 0) {
                    return (int) result;
                }
                int error = (int) ERRNO.get(state, 0L);
                if (error != Errno.EINTR.number()) {
                    return -error;
                }
            }
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** @param socket of any mode: it is not waited for */
    public static int recv(Fd socket, byte[] into, int offset, int length) {
        return attempt(RECV, socket, into, offset, length);
    }

    /** @param socket of any mode: it is not waited for; no SIGPIPE */
    public static int send(Fd socket, byte[] bytes, int offset, int length) {
        return attempt(SEND, socket, bytes, offset, length);
    }

    /** As {@link #send}, for what another follows at once: the kernel need not wake the reader for this alone. */
    public static int sendMore(Fd socket, byte[] bytes, int offset, int length) {
        return attempt(SEND_MORE, socket, bytes, offset, length);
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
