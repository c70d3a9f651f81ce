// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.capability.Capability;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileStatus;
import io.berth.core.linux.SyscallException;
import java.util.function.Supplier;

/**
 * The container root's power over other users' files, as far as the kernel gives it: over files whose owner and group are of the
 * container's own range (capable_wrt_inode_uidgid, kernel/capability.c). The host's CAP_DAC_OVERRIDE has no such bound, so it
 * is used only where the bound was checked.
 */
record Overriding(CallerTask.Status caller, Disguise disguise, long uidBase) {
    private static final long IDS = 65_536;

    /** With the right to search any directory of the caller's root if the caller has that in its container; it changes nothing. */
    Fd lookUp(Supplier<Fd> open) {
        try {
            return open.get();
        } catch (SyscallException e) {
            if (e.errno() != Errno.EACCES || !overrides()) {
                throw e;
            }
            disguise.use(Capability.CAP_DAC_READ_SEARCH);
            return open.get();
        }
    }

    private boolean overrides() {
        return caller.has(Capability.CAP_DAC_OVERRIDE.number());
    }

    /** Prepares for a change in that directory or file, with one more capability. */
    void changeIn(FileStatus file, Capability needed) {
        if (overrides() && isContainers(file)) {
            disguise.use(needed, Capability.CAP_DAC_OVERRIDE);
        } else {
            disguise.use(needed);
        }
    }

    /** Whether owner and group are of the container's range. */
    boolean isContainers(FileStatus status) {
        return isContainers(Integer.toUnsignedLong(status.uid())) && isContainers(Integer.toUnsignedLong(status.gid()));
    }

    private boolean isContainers(long id) {
        return id >= uidBase && id < uidBase + IDS;
    }
}
