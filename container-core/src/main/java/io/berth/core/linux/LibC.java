// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * The native surface but for {@link ArrayCalls}: syscall(2), posix_spawn(3) and malloc(3). Addresses are plain longs: a pointer and a long share a register
 * class on both architectures, and one non-variadic signature of syscall avoids variadic ioctl and fcntl.
 */
public interface LibC {
    long syscall(long number, long a, long b, long c, long d, long e, long f);

    long calloc(long count, long size);

    void free(long address);

    /** With one Pointer: for six longs jffi's assembled stub hands over a wrong sixth (seen with 1.4.3 on x86-64). */
    int posix_spawn(long pid, long path, long actions, long attributes, long argv, Pointer envp);

    int posix_spawn_file_actions_init(long actions);

    int posix_spawn_file_actions_destroy(long actions);

    int posix_spawn_file_actions_adddup2(long actions, int fd, int as);

    int posix_spawn_file_actions_addclosefrom_np(long actions, int from);

    int posix_spawnattr_init(long attributes);

    int posix_spawnattr_destroy(long attributes);

    int posix_spawnattr_setflags(long attributes, short flags);

    int posix_spawnattr_setsigmask(long attributes, long set);

    int posix_spawnattr_setsigdefault(long attributes, long set);

    /** Public because jnr-ffi generates the implementing class in a loader of its own. */
    final class Loaded {
        static final LibC C = LibraryLoader.create(LibC.class).load("c");
        static final Runtime RUNTIME = Runtime.getRuntime(C);

        private Loaded() {}
    }
}
