// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.LibC.Loaded.C;

import java.util.ArrayList;
import java.util.List;

/**
 * posix_spawn(3) of an executable that is an open file, into a clean process: exactly the given descriptors, an empty signal mask
 * (most JVM threads block SIGQUIT), default dispositions, a session of its own, no environment. Many descriptors of a JVM lack
 * close-on-exec, hence closefrom. Needs glibc 2.34.
 */
public final class Spawn {
    private static final int ACTIONS_BYTES = 256; // posix_spawn_file_actions_t has 80 in glibc
    private static final int ATTRIBUTES_BYTES = 512; // posix_spawnattr_t has 336 in glibc
    private static final int SIGSET_BYTES = 128;
    private static final short FLAGS = 0x04 | 0x08 | 0x80; // POSIX_SPAWN_SETSIGDEF|SETSIGMASK|SETSID, <spawn.h>

    private Spawn() {}

    /** @param fds the process gets {@code fds.get(i)} as its descriptor i and no other */
    public static Child spawn(Fd executable, List<String> argv, List<Fd> fds) {
        // by our pid: in the child, closefrom comes before exec and takes the executable's own descriptor away
        String path = "/proc/" + ProcessCalls.getpid() + "/fd/" + executable.number();
        List<Fd> moved = new ArrayList<>();
        try (var memory = new NativeMemory()) {
            int[] sources = moveOutOfTheWay(fds, moved);
            int pid = spawn(memory, path, argv, sources);
            return new Child(pid, ProcessCalls.pidfdOpen(pid));
        } finally {
            moved.forEach(Fd::close);
        }
    }

    /** A source below fds.size() would be overwritten by an earlier dup2. */
    private static int[] moveOutOfTheWay(List<Fd> fds, List<Fd> moved) {
        int[] sources = new int[fds.size()];
        for (int i = 0; i < sources.length; i++) {
            Fd fd = fds.get(i);
            if (fd.number() < sources.length) {
                fd = fd.dupFrom(sources.length);
                moved.add(fd);
            }
            sources[i] = fd.number();
        }
        return sources;
    }

    private static int spawn(NativeMemory memory, String path, List<String> argv, int[] sources) {
        NativeBuffer actions = memory.allocate(ACTIONS_BYTES);
        NativeBuffer attributes = memory.allocate(ATTRIBUTES_BYTES);
        NativeBuffer pid = memory.allocate(Integer.BYTES);
        check("posix_spawn_file_actions_init", C.posix_spawn_file_actions_init(actions.address()));
        check("posix_spawnattr_init", C.posix_spawnattr_init(attributes.address()));
        try {
            inherit(actions.address(), sources);
            clean(memory, attributes.address());
            long args = strings(memory, argv).address();
            NativeBuffer environment = memory.longs(0);
            int error = C.posix_spawn(
                    pid.address(),
                    memory.string(path).address(),
                    actions.address(),
                    attributes.address(),
                    args,
                    environment.pointer());
            check("posix_spawn('" + path + "', " + argv + ")", error);
            return pid.getInt(0);
        } finally {
            C.posix_spawn_file_actions_destroy(actions.address());
            C.posix_spawnattr_destroy(attributes.address());
        }
    }

    private static void inherit(long actions, int[] sources) {
        for (int i = 0; i < sources.length; i++) {
            check("adddup2", C.posix_spawn_file_actions_adddup2(actions, sources[i], i));
        }
        check("addclosefrom", C.posix_spawn_file_actions_addclosefrom_np(actions, sources.length));
    }

    private static void clean(NativeMemory memory, long attributes) {
        NativeBuffer none = memory.allocate(SIGSET_BYTES);
        NativeBuffer every = memory.allocate(SIGSET_BYTES);
        for (int i = 0; i < SIGSET_BYTES; i += Long.BYTES) {
            every.putLong(i, -1L);
        }
        check("setsigmask", C.posix_spawnattr_setsigmask(attributes, none.address()));
        check("setsigdefault", C.posix_spawnattr_setsigdefault(attributes, every.address()));
        check("setflags", C.posix_spawnattr_setflags(attributes, FLAGS));
    }

    private static NativeBuffer strings(NativeMemory memory, List<String> strings) {
        long[] addresses = new long[strings.size() + 1];
        for (int i = 0; i < strings.size(); i++) {
            addresses[i] = memory.string(strings.get(i)).address();
        }
        return memory.longs(addresses);
    }

    /** This family returns the errno. */
    private static void check(String call, int error) {
        if (error != 0) {
            throw new SyscallException(call, Errno.of(error));
        }
    }
}
