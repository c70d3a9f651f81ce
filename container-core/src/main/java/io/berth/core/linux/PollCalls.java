// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Waiting for several descriptors: ppoll(2). */
public final class PollCalls {
    private static final int POLLFD_SIZE = 8; // struct pollfd, include/uapi/asm-generic/poll.h

    private PollCalls() {}

    /** What to wait for on one descriptor. */
    public record Interest(Fd fd, Set<PollEvent> events) {
        public Interest {
            events = Set.copyOf(events);
        }

        public static Interest in(Fd fd) {
            return new Interest(fd, Set.of(PollEvent.POLLIN));
        }

        /** That the other end is closed: whoever waits for that alone is not woken by what is written. */
        public static Interest hangup(Fd fd) {
            return new Interest(fd, Set.of());
        }

        public static Interest out(Fd fd) {
            return new Interest(fd, Set.of(PollEvent.POLLOUT));
        }
    }

    /**
     * Waits until something happens.
     *
     * @param timeout null to wait forever
     * @return one set per interest, in its order; all empty after the timeout
     */
    public static List<Set<PollEvent>> ppoll(@Nullable Duration timeout, Interest... interests) {
        try (var memory = new NativeMemory()) {
            NativeBuffer fds = memory.allocate(POLLFD_SIZE * interests.length).named("fds");
            for (int i = 0; i < interests.length; i++) {
                fds.putInt(POLLFD_SIZE * i, interests[i].fd.number());
                fds.putShort(POLLFD_SIZE * i + 4, (int) bits(interests[i].events));
            }
            Syscall.call(Sys.PPOLL, fds, interests.length, timespec(memory, timeout), 0, 0);
            List<Set<PollEvent>> happened = new ArrayList<>();
            for (int i = 0; i < interests.length; i++) {
                happened.add(events(fds.getUnsignedShort(POLLFD_SIZE * i + 6)));
            }
            return happened;
        }
    }

    /** @return whether the descriptor became readable, or its other end closed, in time */
    public static boolean awaitReadable(Fd fd, @Nullable Duration timeout) {
        return !ppoll(timeout, Interest.in(fd)).getFirst().isEmpty();
    }

    private static Object timespec(NativeMemory memory, @Nullable Duration timeout) {
        return timeout == null
                ? Flags.NONE
                : memory.longs(timeout.toSeconds(), timeout.toNanosPart()).named(timeout);
    }

    private static long bits(Set<PollEvent> events) {
        return Flags.bits(events.toArray(Constant[]::new));
    }

    private static Set<PollEvent> events(int bits) {
        Set<PollEvent> events = EnumSet.noneOf(PollEvent.class);
        for (PollEvent event : PollEvent.values()) {
            if ((bits & event.value()) != 0) {
                events.add(event);
            }
        }
        return events;
    }
}
