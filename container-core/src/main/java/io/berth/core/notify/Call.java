// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.linux.Fd;

/**
 * One call on its way to an answer.
 *
 * @param listener where it came from
 * @param last the thread that asked before
 * @param isRepeated whether an agent that was killed may have carried it out already
 * @param desk its container's
 */
record Call(Notification notification, Fd listener, LastTask last, boolean isRepeated, Desk desk) {
    /** @throws io.berth.core.linux.SyscallException when the caller has gone */
    CallerTask openCaller() {
        return CallerTask.open(listener, notification, last);
    }

    /** Whether its capabilities are worth something in the container, and not only in a namespace that it made itself. */
    boolean isOfContainer(CallerTask caller) {
        return caller.userNamespace().equals(desk.userNamespace());
    }

    Subject subject() {
        return desk.subject();
    }

    long uidBase() {
        return desk.subject().uidBase();
    }
}
