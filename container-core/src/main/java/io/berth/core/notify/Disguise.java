// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.capability.Capability;
import io.berth.core.linux.ThreadCredentials;
import java.util.List;

/**
 * The rights of a caller on files, borrowed by a worker's thread: its ids and groups, its umask, and of the host's capabilities
 * only those that are named. Whatever a path leads to, it is not the host's root that goes there.
 *
 * <p>Ids, groups and umask stay on until {@link #takeOff}, as the next call is mostly of the same caller and to change them costs more
 * than to look a path up. What a worker does between calls goes by capabilities, which it has back.
 */
final class Disguise implements AutoCloseable {
    private static final int ROOT = 0;

    /** What a worker may do between calls, in another's memory and /proc: its own. */
    private static final ThreadLocal<Long> PERMITTED = ThreadLocal.withInitial(ThreadCredentials::permitted);

    private static final ThreadLocal<Looks> WORN = ThreadLocal.withInitial(() -> Looks.OWN);

    private final long permitted = PERMITTED.get();

    private Disguise() {}

    /** For the begin of a thread that answers calls. */
    static void prepareThread() {
        ThreadCredentials.separate();
        ThreadCredentials.setgroups(List.of());
    }

    /** Without any capability at first. */
    static Disguise as(CallerTask.Status caller) {
        putOn(new Looks(caller.uid(), caller.gid(), caller.groups(), caller.umask()));
        Disguise disguise = new Disguise();
        disguise.use();
        return disguise;
    }

    private static void putOn(Looks looks) {
        if (!WORN.get().equals(looks)) {
            WORN.set(Looks.UNSURE); // what fails half-way is put on, or taken off, as a whole
            ThreadCredentials.setgroups(looks.groups);
            ThreadCredentials.umask(looks.umask);
            ThreadCredentials.setFileSystemIds(looks.uid, looks.gid);
            WORN.set(looks);
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
    }

    /** Is itself again; for whatever is not an emulation on files. */
    static void takeOff() {
        if (!WORN.get().equals(Looks.OWN)) {
            WORN.set(Looks.UNSURE);
            ThreadCredentials.setFileSystemIds(ROOT, ROOT);
            ThreadCredentials.setgroups(List.of());
            WORN.set(Looks.OWN);
        }
    }

    private record Looks(int uid, int gid, List<Integer> groups, int umask) {
        /** Nobody's: no thread has the invalid id. */
        private static final Looks UNSURE = new Looks(-1, -1, List.of(), 0);

        /** The worker's own; the umask does not matter, as a worker makes files for callers only. */
        private static final Looks OWN = new Looks(ROOT, ROOT, List.of(), -1);

        private Looks {
            groups = List.copyOf(groups);
        }
    }
}
