// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.Syscall.attempt;

/** A seccomp listener's requests, see seccomp_unotify(2); structs of include/uapi/linux/seccomp.h. */
public final class NotifyCalls {
    /** struct seccomp_notif. */
    public static final int NOTIF_BYTES = 80;

    private static final int RESPONSE_BYTES = 24; // struct seccomp_notif_resp

    private NotifyCalls() {}

    /**
     * Takes the next notification, and waits for one when there is none.
     *
     * @param notif all zero, as the kernel demands
     * @return false when the caller was killed before
     */
    public static boolean receive(Fd listener, NativeBuffer notif) {
        long result = attempt(Sys.IOCTL, listener, Ioctl.SECCOMP_IOCTL_NOTIF_RECV, notif);
        if (result == -Errno.ENOENT.number()) {
            return false;
        }
        if (result < 0) {
            throw new SyscallException("ioctl(" + listener + ", SECCOMP_IOCTL_NOTIF_RECV)", Errno.of(-result));
        }
        return true;
    }

    /** Whether the caller still waits: then its pid is still its own. */
    public static boolean isValid(Fd listener, long id) {
        try (var memory = new NativeMemory()) {
            return attempt(Sys.IOCTL, listener, Ioctl.SECCOMP_IOCTL_NOTIF_ID_VALID, memory.longs(id)) == 0;
        }
    }

    /** @return false when nobody waits for the answer any more */
    public static boolean answer(Fd listener, long id, long value) {
        return send(listener, id, value, 0, 0);
    }

    /** @return false when nobody waits for the answer any more */
    public static boolean fail(Fd listener, long id, Errno errno) {
        return send(listener, id, 0, -errno.number(), 0);
    }

    /**
     * Lets the kernel carry the call out. Its memory may have changed since: never after a decision about what pointers point to.
     *
     * @return false when nobody waits for the answer any more
     */
    public static boolean letThrough(Fd listener, long id) {
        return send(listener, id, 0, 0, (int) SeccompFlag.SECCOMP_USER_NOTIF_FLAG_CONTINUE.value());
    }

    private static boolean send(Fd listener, long id, long value, int error, int flags) {
        try (var memory = new NativeMemory()) {
            NativeBuffer response = memory.allocate(RESPONSE_BYTES).named("response");
            response.putLong(0, id).putLong(8, value).putInt(16, error).putInt(20, flags);
            long result = attempt(Sys.IOCTL, listener, Ioctl.SECCOMP_IOCTL_NOTIF_SEND, response);
            if (result < 0 && result != -Errno.ENOENT.number() && result != -Errno.EINPROGRESS.number()) {
                throw new SyscallException("ioctl(" + listener + ", SECCOMP_IOCTL_NOTIF_SEND)", Errno.of(-result));
            }
            return result >= 0;
        }
    }

    /** Saves a hop between processors at each answer. FIXME(kernel 6.6): not tolerate its absence when baseline. */
    public static void wakeOnSameProcessor(Fd listener) {
        long result = attempt(
                Sys.IOCTL,
                listener,
                Ioctl.SECCOMP_IOCTL_NOTIF_SET_FLAGS,
                SeccompFlag.SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
        if (result < 0 && result != -Errno.EINVAL.number()) {
            throw new SyscallException("ioctl(" + listener + ", SECCOMP_IOCTL_NOTIF_SET_FLAGS)", Errno.of(-result));
        }
    }
}
