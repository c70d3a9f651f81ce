// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.capability.Capability;
import io.berth.core.linux.ThreadCredentials;
import java.util.List;

/**
 * The rights of a caller on files, borrowed by a worker's thread: its ids and groups, its umask, and of the host's capabilities
 * only those that are named. Whatever a path leads to, it is not the host's root that goes there.
 */
final class Disguise implements AutoCloseable {
    private static final int ROOT = 0;

    /** What a worker may do between calls, in another's memory and /proc: its own. */
    private static final ThreadLocal<Long> PERMITTED = ThreadLocal.withInitial(ThreadCredentials::permitted);

    private final long permitted = PERMITTED.get();
    private final boolean hasGroups;

    private Disguise(boolean hasGroups) {
        this.hasGroups = hasGroups;
    }

    /** For the begin of a thread that answers calls. */
    static void prepareThread() {
        ThreadCredentials.separate();
        ThreadCredentials.setgroups(List.of());
    }

    /** Without any capability at first. */
    static Disguise as(CallerTask.Status caller) {
        Disguise disguise = new Disguise(!caller.groups().isEmpty());
        try {
            if (disguise.hasGroups) {
                ThreadCredentials.setgroups(caller.groups());
            }
            ThreadCredentials.umask(caller.umask());
            ThreadCredentials.setFileSystemIds(caller.uid(), caller.gid());
            disguise.use();
            return disguise;
        } catch (RuntimeException e) {
            disguise.close();
            throw e;
        }
    }

    /** Exactly these from now on. */
    void use(Capability... capabilities) {
        long bits = 0;
        for (Capability capability : capabilities) {
            bits |= 1L << capability.number();
        }
        ThreadCredentials.setCapabilities(bits & permitted, permitted);
    }

    @Override
    public void close() {
        ThreadCredentials.setCapabilities(permitted, permitted);
        ThreadCredentials.setFileSystemIds(ROOT, ROOT);
        if (hasGroups) {
            ThreadCredentials.setgroups(List.of());
        }
    }
}
