// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Flags;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.ResolveFlag;
import io.berth.core.linux.SyscallException;

/**
 * A path that a tenant wrote, split before its last name; opened only by openat2(2), never out of the caller's root and through no
 * magic link of /proc.
 *
 * @param parent empty for the directory that a relative path begins at
 * @param leaf the last name, with the slashes that follow it; empty for / itself
 */
record TenantPath(boolean absolute, String parent, String leaf) {
    static TenantPath of(String path) {
        if (path.isEmpty()) {
            throw new SyscallException("''", Errno.ENOENT);
        }
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        int slash = path.lastIndexOf('/', end - 1);
        String parent = slash < 0 ? "" : path.substring(0, slash + 1);
        return new TenantPath(path.startsWith("/"), end == 0 ? "/" : parent, end == 0 ? "" : path.substring(slash + 1));
    }

    /** The directory that the leaf is in. */
    Fd openParent(CallerTask.Origin origin) {
        return open(origin, parent, OpenFlag.O_DIRECTORY);
    }

    /**
     * Any file, as O_PATH.
     *
     * @param flags O_DIRECTORY, O_NOFOLLOW
     */
    Fd openWhole(CallerTask.Origin origin, OpenFlag... flags) {
        return open(origin, parent + leaf, flags);
    }

    private static Fd open(CallerTask.Origin origin, String path, OpenFlag... flags) {
        Flags how = Flags.of(OpenFlag.O_PATH).with(flags);
        Fd base = origin.base();
        return base == null
                ? inRoot(origin.root(), path, how)
                : relative(origin, base, path.isEmpty() ? "." : path, how);
    }

    private static Fd inRoot(Fd root, String path, Flags how) {
        return FileCalls.openat2(root, path, 0, how, ResolveFlag.RESOLVE_IN_ROOT, ResolveFlag.RESOLVE_NO_MAGICLINKS);
    }

    /** The usual path stays below its begin. One that doesn't ("../x", a link to /x) is looked up from the root instead. */
    private static Fd relative(CallerTask.Origin origin, Fd base, String path, Flags how) {
        try {
            return FileCalls.openat2(
                    base, path, 0, how, ResolveFlag.RESOLVE_BENEATH, ResolveFlag.RESOLVE_NO_MAGICLINKS);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EXDEV) {
                throw e;
            }
            return fromRoot(origin.root(), base, path, how);
        }
    }

    /** By the begin's own path, if that still leads to it: it doesn't when it was moved or lies outside of the caller's root. */
    private static Fd fromRoot(Fd root, Fd base, String path, Flags how) {
        String begin = FileCalls.readlinkat(Fd.AT_FDCWD, "/proc/thread-self/fd/" + base.number());
        try (Fd found = inRoot(root, begin, Flags.of(OpenFlag.O_PATH, OpenFlag.O_DIRECTORY))) {
            if (!isSame(found, base)) {
                throw new SyscallException("'" + path + "' from outside of the root", Errno.EPERM);
            }
            return inRoot(root, begin + "/" + path, how);
        }
    }

    private static boolean isSame(Fd one, Fd other) {
        var first = FileCalls.fstat(one);
        var second = FileCalls.fstat(other);
        return first.inode() == second.inode() && first.on().equals(second.on());
    }
}
