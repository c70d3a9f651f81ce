// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.AtFlag;
import io.berth.core.linux.Fd;
import io.berth.core.linux.Flags;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.PlanBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;

/**
 * By what a file in a container is known to be the same as before: nobody, not its owner either, sets a ctime. struct statx,
 * include/uapi/linux/stat.h.
 */
record FileIdentity(long device, long inode, long size, long changedSeconds, long changedNanos) {
    /** How much of struct statx is looked at. */
    static final int BYTES = 0x90;

    private static final int MASK = 0x80 | 0x100 | 0x200; // STATX_CTIME|STATX_INO|STATX_SIZE
    private static final int STX_INO = 0x20;
    private static final int STX_SIZE = 0x28;
    private static final int STX_CTIME = 0x60;
    private static final int STX_CTIME_NSEC = STX_CTIME + Long.BYTES; // and 32 bits of zeros
    private static final int STX_DEV = 0x88; // major and minor, 32 bits each

    /** Two changes within a tick of the kernel's clock may bear the same ctime. */
    private static final Duration SETTLED = Duration.ofSeconds(1);

    /** @param statx as {@link #look} got it */
    static FileIdentity of(byte[] statx) {
        ByteBuffer fields = ByteBuffer.wrap(statx).order(ByteOrder.nativeOrder());
        return new FileIdentity(
                fields.getLong(STX_DEV),
                fields.getLong(STX_INO),
                fields.getLong(STX_SIZE),
                fields.getLong(STX_CTIME),
                fields.getLong(STX_CTIME_NSEC));
    }

    /** Whether a later change would show. */
    boolean isSettled(Instant now) {
        return Instant.ofEpochSecond(changedSeconds, changedNanos).plus(SETTLED).isBefore(now);
    }

    /**
     * Adds the look at an open file; one that fails leaves zeros, which no file has.
     *
     * @return where the struct will be
     */
    static Data look(PlanBuilder plan, String what, Arg file) {
        Data statx = plan.space("status of " + what, 0x100);
        plan.call("look at " + what, Sys.STATX, file, "", Flags.of(AtFlag.AT_EMPTY_PATH), MASK, statx)
                .ignoreErrors();
        return statx;
    }

    /** Adds steps that go to the label unless the file at the path is this one, unchanged. */
    void compare(PlanBuilder plan, String path, String otherwise) {
        Data statx = plan.space("status of " + path, 0x100);
        plan.call("look at " + path, Sys.STATX, Fd.AT_FDCWD, path, 0, MASK, statx)
                .ignoreErrors();
        compare(plan, statx.cell("device", STX_DEV), device, otherwise);
        compare(plan, statx.cell("inode", STX_INO), inode, otherwise);
        compare(plan, statx.cell("size", STX_SIZE), size, otherwise);
        compare(plan, statx.cell("ctime", STX_CTIME), changedSeconds, otherwise);
        compare(plan, statx.cell("ctime's ns", STX_CTIME_NSEC), changedNanos, otherwise);
    }

    private static void compare(PlanBuilder plan, Cell found, long expected, String otherwise) {
        plan.jumpIfBelow(found, expected, otherwise).jumpIfBelow(expected, found, otherwise);
    }
}
