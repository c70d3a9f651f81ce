// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.linux.ProcessCalls;
import java.util.BitSet;

/**
 * sched_getaffinity(2), by which nproc(1), make, the JVM and Go count processors: as many as the cpu limit pays for, which
 * /proc/cpuinfo shows too. What is told is a part of those that the thread may run on, so whoever sets it again is not refused. Where
 * that part begins differs from container to container: else those who pin their threads would all meet on the first.
 */
record Affinity(Call call) {
    /** A caller with a larger buffer than for 8,192 processors (CONFIG_NR_CPUS with MAXSMP) gets no more filled, as by the kernel. */
    private static final long MOST_BYTES = 1024;

    Response respond() {
        try (CallerTask caller = call.openCaller()) {
            int pid = call.notification().argument(0);
            if (pid != 0 && pid != caller.status().innermostTid()) {
                return new Response.LetThrough("whatever it tells decides nothing");
            }
            long length = Integer.toUnsignedLong(call.notification().argument(1));
            byte[] mask = ProcessCalls.schedGetaffinity(call.notification().tid(), (int) Math.min(length, MOST_BYTES));
            caller.write(call.notification().arguments()[2], part(mask));
            return new Response.Returned(mask.length);
        }
    }

    private byte[] part(byte[] mask) {
        BitSet all = BitSet.valueOf(mask);
        int count = all.cardinality();
        int shown = Math.min(count, call.subject().processors());
        int first = Math.floorMod(call.uidBase() >>> Short.SIZE, count);
        BitSet part = new BitSet();
        int index = 0;
        for (int bit = all.nextSetBit(0); bit >= 0; bit = all.nextSetBit(bit + 1)) {
            part.set(bit, Math.floorMod(index - first, count) < shown);
            index++;
        }
        byte[] bytes = new byte[mask.length];
        byte[] set = part.toByteArray();
        System.arraycopy(set, 0, bytes, 0, set.length);
        return bytes;
    }
}
