// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** Waiting for the same descriptors again and again: the kernel's list is made once. */
public final class Readiness {
    private static final int POLLFD_BYTES = 8; // struct pollfd, include/uapi/asm-generic/poll.h
    private static final int EVENTS = 4;

    private final NativeBuffer pollfds;
    private final int count;

    /**
     * @param memory freed once nobody waits any more
     * @param others end the waiting when they can be read
     */
    public Readiness(NativeMemory memory, Fd fd, PollEvent event, Fd... others) {
        count = 1 + others.length;
        pollfds = memory.allocate(POLLFD_BYTES * count).named("fds");
        set(0, fd, event);
        for (int i = 0; i < others.length; i++) {
            set(i + 1, others[i], PollEvent.POLLIN);
        }
    }

    private void set(int at, Fd fd, PollEvent event) {
        pollfds.putInt(POLLFD_BYTES * at, fd.number());
        pollfds.putShort(POLLFD_BYTES * at + EVENTS, (int) event.value());
    }

    /** Until one is ready or in error, or for no reason: the next call on the descriptor tells. For platform threads. */
    public void await() {
        ArrayCalls.ppoll(pollfds, count);
    }
}
