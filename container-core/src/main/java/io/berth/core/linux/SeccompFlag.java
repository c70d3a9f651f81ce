// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** Operations and SECCOMP_FILTER_FLAG_*, include/uapi/linux/seccomp.h; see seccomp(2). */
public enum SeccompFlag implements Constant {
    SECCOMP_SET_MODE_FILTER(1),
    SECCOMP_GET_ACTION_AVAIL(2),
    SECCOMP_FILTER_FLAG_TSYNC(0x1),
    SECCOMP_FILTER_FLAG_LOG(0x2),
    SECCOMP_FILTER_FLAG_NEW_LISTENER(0x8),
    /** Since Linux 5.19. */
    SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV(0x20),
    /** Of an answer: the kernel carries the call out after all. Since Linux 5.5. */
    SECCOMP_USER_NOTIF_FLAG_CONTINUE(0x1),
    /** Of a listener: whoever is woken runs on the waker's processor. Since Linux 6.6. */
    SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP(0x1);

    private final long value;

    SeccompFlag(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
