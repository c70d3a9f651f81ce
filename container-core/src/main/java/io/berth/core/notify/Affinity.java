// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.linux.Errno;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.SyscallException;
import java.util.Arrays;
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
        CallerTask caller = call.openCaller();
        int pid = call.notification().argument(0);
        if (pid != 0 && pid != caller.status().innermostTid()) {
            return new Response.LetThrough("whatever it tells decides nothing");
        }
        byte[] all = mask(Math.min(Integer.toUnsignedLong(call.notification().argument(1)), MOST_BYTES));
        // each container's own: the number of its range
        byte[] told = part(all, call.subject().processors(), call.uidBase() >>> Short.SIZE);
        caller.write(call.notification().arguments()[2], told);
        return new Response.Returned(told.length);
    }

    private byte[] mask(long length) {
        int tid = call.notification().tid();
        if (!call.notification().isI386()) {
            return ProcessCalls.schedGetaffinity(tid, (int) length);
        }
        long whole = Math.ceilDiv(length, Long.BYTES) * Long.BYTES;
        return narrowed(ProcessCalls.schedGetaffinity(tid, (int) whole), length);
    }

    /**
     * A mask as i386 sees it: the same bytes, but half a long is enough where its processors fit in.
     *
     * @throws SyscallException EINVAL when they don't, or it is no whole word
     */
    static byte[] narrowed(byte[] mask, long length) {
        byte[] fitting = Arrays.copyOf(mask, (int) Math.min(mask.length, length));
        if (length % Integer.BYTES != 0 || !BitSet.valueOf(fitting).equals(BitSet.valueOf(mask))) {
            throw new SyscallException("sched_getaffinity of " + length + " bytes", Errno.EINVAL);
        }
        return fitting;
    }

    /**
     * As many of the mask's processors, one after the other and around.
     *
     * @param first which of them to begin with, counted around
     */
    static byte[] part(byte[] mask, int most, long first) {
        BitSet all = BitSet.valueOf(mask);
        int[] processors = all.stream().toArray();
        BitSet part = new BitSet();
        for (int i = 0; i < Math.min(most, processors.length); i++) {
            part.set(processors[(int) Math.floorMod(first + i, (long) processors.length)]);
        }
        return Arrays.copyOf(part.toByteArray(), mask.length);
    }
}
