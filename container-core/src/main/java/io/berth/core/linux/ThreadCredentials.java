// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.Syscall.attempt;
import static io.berth.core.linux.Syscall.call;

import java.util.List;

/**
 * The calling platform thread's own credentials: with what rights it looks up and makes files. The kernel keeps them per thread, and
 * the C library's wrappers, which would change all threads, are passed by. For threads that belong to one purpose, never for a pool
 * that others use, nor for virtual threads.
 */
public final class ThreadCredentials {
    private static final int LINUX_CAPABILITY_VERSION_3 = 0x20080522; // include/uapi/linux/capability.h
    private static final int UNCHANGED = -1;

    private ThreadCredentials() {}

    /** For a thread's begin: a working directory and umask of its own, and capabilities that a change of fsuid leaves alone. */
    public static void separate() {
        ProcessCalls.unshare(CloneFlag.CLONE_FS);
        ProcessCalls.prctl(Prctl.PR_SET_SECUREBITS, SecureBit.SECBIT_NO_SETUID_FIXUP);
    }

    /** Whose files it makes, and whose rights on files it has without capabilities. */
    public static void setFileSystemIds(int uid, int gid) {
        // both return the former id and no error: asking again with an invalid one tells what holds, setfsuid(2)
        attempt(Sys.SETFSGID, gid);
        attempt(Sys.SETFSUID, uid);
        if (attempt(Sys.SETFSGID, UNCHANGED) != gid || attempt(Sys.SETFSUID, UNCHANGED) != uid) {
            throw new SyscallException("setfsuid(" + uid + "), setfsgid(" + gid + ")", Errno.EPERM);
        }
    }

    public static void setgroups(List<Integer> groups) {
        try (var memory = new NativeMemory()) {
            NativeBuffer ids = memory.allocate(Integer.BYTES * groups.size()).named(groups);
            for (int i = 0; i < groups.size(); i++) {
                ids.putInt(Integer.BYTES * i, groups.get(i));
            }
            call(Sys.SETGROUPS, groups.size(), ids);
        }
    }

    public static void umask(int mask) {
        call(Sys.UMASK, new Mode(mask));
    }

    /** The permitted set, a bit a capability. */
    public static long permitted() {
        try (var memory = new NativeMemory()) {
            NativeBuffer sets = memory.allocate(6 * Integer.BYTES).named("sets");
            call(Sys.CAPGET, header(memory), sets);
            return Integer.toUnsignedLong(sets.getInt(4)) | (long) sets.getInt(16) << Integer.SIZE;
        }
    }

    /** @param effective what it can use now; the rest of {@code permitted} can be had back */
    public static void setCapabilities(long effective, long permitted) {
        try (var memory = new NativeMemory()) {
            // struct user_cap_data_struct[2]: effective, permitted, inheritable
            NativeBuffer sets = memory.allocate(6 * Integer.BYTES).named(new Bits(effective));
            sets.putInt(0, (int) effective).putInt(4, (int) permitted);
            sets.putInt(12, (int) (effective >>> Integer.SIZE)).putInt(16, (int) (permitted >>> Integer.SIZE));
            call(Sys.CAPSET, header(memory), sets);
        }
    }

    private record Bits(long bits) {
        @Override
        public String toString() {
            return Long.toHexString(bits);
        }
    }

    private static NativeBuffer header(NativeMemory memory) {
        return memory.allocate(2 * Integer.BYTES)
                .named("header")
                .putInt(0, LINUX_CAPABILITY_VERSION_3)
                .putInt(4, 0);
    }
}
