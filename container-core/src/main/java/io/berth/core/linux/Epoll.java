// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.Syscall.call;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Waiting for any of many descriptors, each known by a number of the caller's: epoll(7). Safe for use by many threads. */
public final class Epoll implements AutoCloseable {
    private static final int EPOLL_CLOEXEC = 02000000; // include/uapi/linux/eventpoll.h
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLL_CTL_MOD = 3;
    private static final int EPOLLIN = 1;
    private static final int EPOLLONESHOT = 1 << 30;

    /** struct epoll_event is packed on x86-64 only. */
    private static final int DATA = Architecture.host() == Architecture.X86_64 ? 4 : 8;

    private static final int EVENT_SIZE = DATA + Long.BYTES;

    private final Fd fd = Fd.adopt(call(Sys.EPOLL_CREATE1, EPOLL_CLOEXEC), "epoll");

    /** Reports it whenever it is readable. */
    public void add(Fd watched, long number) {
        control(EPOLL_CTL_ADD, watched, EPOLLIN, number);
    }

    /** Reports it once, when it is readable or its other end has gone; then not before {@link #rearm}. */
    public void addOnce(Fd watched, long number) {
        control(EPOLL_CTL_ADD, watched, EPOLLIN | EPOLLONESHOT, number);
    }

    /** Reports it not before {@link #rearm}. */
    public void addDisarmed(Fd watched, long number) {
        control(EPOLL_CTL_ADD, watched, EPOLLONESHOT, number);
    }

    public void rearm(Fd watched, long number) {
        control(EPOLL_CTL_MOD, watched, EPOLLIN | EPOLLONESHOT, number);
    }

    public void remove(Fd watched) {
        control(EPOLL_CTL_DEL, watched, 0, 0);
    }

    private void control(int operation, Fd watched, int events, long number) {
        try (var memory = new NativeMemory()) {
            NativeBuffer event = memory.allocate(EVENT_SIZE).named("event");
            event.putInt(0, events);
            event.putLong(DATA, number);
            call(Sys.EPOLL_CTL, fd, operation, watched, event);
        }
    }

    /**
     * @param most how many to report at once; the kernel goes round when there are more
     * @param timeout null to wait forever
     * @return the numbers of those that are ready, none after the timeout
     */
    public long[] await(int most, @Nullable Duration timeout) {
        try (var memory = new NativeMemory()) {
            NativeBuffer events = memory.allocate(EVENT_SIZE * most).named("events");
            // rounded up, so that a wait for a moment that has not come yet is no busy loop
            long millis = timeout == null ? -1 : Math.ceilDiv(Math.max(0, timeout.toNanos()), 1_000_000L);
            int count = (int) call(Sys.EPOLL_PWAIT, fd, events, most, millis, 0, 8);
            long[] numbers = new long[count];
            for (int i = 0; i < count; i++) {
                numbers[i] = events.getLong(EVENT_SIZE * i + DATA);
            }
            return numbers;
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
