// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lsm;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.LsmAttribute;
import io.berth.core.linux.LsmId;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.PlanBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What a process says to the kernel to get a container's label.
 *
 * <p>Said by lsm_set_self_attr(2), since Linux 6.8, and never by writing to /proc/self/attr: inside a container /proc is the
 * tenant's, and what was written there would go wherever they mounted (CVE-2019-16884, CVE-2023-28642, CVE-2025-52881).
 *
 * @param module who understands it
 * @param attribute what it changes
 * @param value in the module's words; empty for a host without a module
 */
public record Label(LsmId module, LsmAttribute attribute, String value) {
    private static final int HEADER = 4 * Long.BYTES; // struct lsm_ctx, include/uapi/linux/lsm.h, before ctx
    private static final int MOST_BYTES = 512; // the longest label has about 150

    static final Label NONE = new Label(LsmId.LSM_ID_UNDEF, LsmAttribute.LSM_ATTR_UNDEF, "");

    public boolean isNone() {
        return value.isEmpty();
    }

    /** The step by which the calling process takes it. */
    public void take(PlanBuilder plan) {
        if (!isNone()) {
            byte[] context = encode();
            plan.call(
                    "take the label",
                    Sys.LSM_SET_SELF_ATTR,
                    attribute,
                    plan.bytes("{" + module + ", '" + value + "'}", context),
                    context.length,
                    0);
        }
    }

    /** For plans that are the same for every container. The caller closes it. */
    public Fd toMemfd() {
        return FileCalls.sealedMemfd("label", encode());
    }

    /** The step that takes whatever label is in the file. */
    static void takeFrom(PlanBuilder plan, Slot label, LsmAttribute attribute) {
        Cell length = plan.cell("label's length");
        Data room = plan.space("label", MOST_BYTES);
        plan.call("read the label", Sys.PREAD64, label, room, room.length(), 0)
                .into(length)
                .failOnZero()
                .call("take the label", Sys.LSM_SET_SELF_ATTR, attribute, room, length, 0);
    }

    byte[] encode() {
        byte[] text = value.getBytes(StandardCharsets.US_ASCII);
        int length = HEADER + text.length;
        if (length > MOST_BYTES) {
            throw new IllegalArgumentException("a label of " + length + " bytes: " + value);
        }
        return ByteBuffer.allocate(length)
                .order(ByteOrder.nativeOrder())
                .putLong(module.value())
                .putLong(0) // no flags are defined
                .putLong(length)
                .putLong(text.length)
                .put(text)
                .array();
    }
}
