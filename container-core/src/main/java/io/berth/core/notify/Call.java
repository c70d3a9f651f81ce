// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.linux.Fd;

/**
 * One call on its way to an answer.
 *
 * @param listener where it came from
 * @param isRepeated whether an agent that was killed may have carried it out already
 * @param subject whose call it is
 * @param userNamespace the id of the container's own
 */
record Call(Notification notification, Fd listener, boolean isRepeated, Subject subject, long userNamespace) {
    /** @throws io.berth.core.linux.SyscallException when the caller has gone */
    CallerTask openCaller() {
        return CallerTask.open(listener, notification);
    }

    /** Whether its capabilities are worth something in the container, and not only in a namespace that it made itself. */
    boolean isOfContainer(CallerTask caller) {
        return caller.userNamespace() == userNamespace;
    }

    long uidBase() {
        return subject.uidBase();
    }
}
