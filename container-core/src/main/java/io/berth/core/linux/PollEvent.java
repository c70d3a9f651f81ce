// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** include/uapi/asm-generic/poll.h; see poll(2). POLLERR, POLLHUP and POLLNVAL are reported unasked. */
public enum PollEvent implements Constant {
    POLLIN(0x1),
    POLLPRI(0x2),
    POLLOUT(0x4),
    POLLERR(0x8),
    POLLHUP(0x10),
    POLLNVAL(0x20),
    POLLRDHUP(0x2000);

    private final long value;

    PollEvent(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
