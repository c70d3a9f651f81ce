// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cgroup;

import io.berth.core.linux.Errno;
import io.berth.core.linux.SyscallException;
import java.nio.file.Path;
import java.util.List;

/** Changing the memory limit of a container that is running. */
final class MemoryLimit {
    private final Layout layout;
    private final boolean v2;

    MemoryLimit(Layout layout) {
        this.layout = layout;
        this.v2 = layout.hierarchies().inV2().contains(Controller.MEMORY);
    }

    long used() {
        return ControlFile.readLong(layout.file(Controller.MEMORY, v2 ? "memory.current" : "memory.usage_in_bytes"));
    }

    void set(long bytes) {
        if (v2) {
            setV2(bytes);
        } else {
            setV1(bytes);
        }
    }

    /** Lowering memory.max below what is used would kill processes (cgroup-v2.rst): memory.high takes back what can be taken, first. */
    private void setV2(long bytes) {
        CgroupStep reclaim = new CgroupStep.Write(layout.file(Controller.MEMORY, "memory.high"), Long.toString(bytes));
        CgroupStep relax = new CgroupStep.Write(layout.file(Controller.MEMORY, "memory.high"), "max");
        if (used() > bytes) {
            reclaim.execute();
        }
        try {
            requireUsedAtMost(bytes);
            layout.memory(bytes, true).forEach(CgroupStep::execute);
        } finally {
            relax.execute();
        }
    }

    private void requireUsedAtMost(long bytes) {
        long used = used();
        if (used > bytes) {
            throw new MemoryInUseException(used, bytes);
        }
    }

    /** v1 takes back what it can by itself, and says EBUSY when that is too little. */
    private void setV1(long bytes) {
        Path limit = layout.file(Controller.MEMORY, "memory.limit_in_bytes");
        List<CgroupStep> steps = layout.memory(bytes, bytes < ControlFile.readLong(limit));
        try {
            steps.forEach(CgroupStep::execute);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EBUSY) {
                throw e;
            }
            throw new MemoryInUseException(used(), bytes);
        }
    }
}
