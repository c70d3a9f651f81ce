// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.SyscallException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The ids that processes of this machine live under, as their user namespaces map them; see user_namespaces(7). */
final class LiveMaps {
    private static final long WHOLE_MAP = 4_294_967_295L; // the initial user namespace's own: every id there is
    private static final Pattern LINE = Pattern.compile("\\s*[0-9]+\\s+([0-9]+)\\s+([0-9]+)\\s*");

    private LiveMaps() {}

    /**
     * Every map of every process in a user namespace of its own, in ids of the host.
     *
     * @param pids which processes to look at
     */
    static List<ForeignIds> read(Stream<String> pids) {
        List<ForeignIds> found = new ArrayList<>();
        Set<String> read = new HashSet<>();
        try (Fd proc = FileCalls.openat("/proc", OpenFlag.O_PATH, OpenFlag.O_DIRECTORY)) {
            read.add(userNamespace(proc, "self"));
            // a host has thousands of processes in few namespaces: one readlink each, and no file
            pids.forEach(pid -> {
                String namespace = userNamespace(proc, pid);
                if (!read.contains(namespace) && add(found, proc, pid) && !namespace.isEmpty()) {
                    read.add(namespace);
                }
            });
        }
        return found;
    }

    /** Empty when the process has ended, or has capabilities that we lack: then its map alone, open to everybody, tells. */
    private static String userNamespace(Fd proc, String pid) {
        try {
            return FileCalls.readlinkat(proc, pid + "/ns/user");
        } catch (SyscallException e) {
            if (Set.of(Errno.ENOENT, Errno.ESRCH, Errno.EACCES).contains(e.errno())) {
                return "";
            }
            throw e;
        }
    }

    /** @return whether the process lives, so that its maps are its namespace's */
    private static boolean add(List<ForeignIds> found, Fd proc, String pid) {
        List<ForeignIds> uids = map(proc, pid, "uid_map");
        if (uids.isEmpty() || isZombie(proc, pid)) {
            return false;
        }
        found.addAll(uids);
        map(proc, pid, "gid_map").stream()
                .filter(Predicate.not(found::contains))
                .forEach(found::add);
        return true;
    }

    /** It has ended, and does nothing under any id; its parent has not asked how. */
    private static boolean isZombie(Fd proc, String pid) {
        return read(proc, pid + "/status").contains("\nState:\tZ");
    }

    private static List<ForeignIds> map(Fd proc, String pid, String file) {
        return read(proc, pid + "/" + file)
                .lines()
                .flatMap(line -> entry(pid, line).stream())
                .toList();
    }

    private static Optional<ForeignIds> entry(String pid, String line) {
        Matcher fields = LINE.matcher(line);
        if (!fields.matches() || Long.parseLong(fields.group(2)) == WHOLE_MAP) {
            return Optional.empty();
        }
        return Optional.of(new ForeignIds(
                Long.parseLong(fields.group(1)),
                Long.parseLong(fields.group(2)),
                "process " + pid,
                "end it, or set BERTH_UID_BASE and BERTH_UID_RANGES to ids that are free"));
    }

    private static String read(Fd proc, String path) {
        try (Fd file = FileCalls.openat(proc, path, OpenFlag.O_RDONLY)) {
            return new String(FileCalls.readAll(file), StandardCharsets.US_ASCII);
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ESRCH) {
                return ""; // it has ended
            }
            throw e;
        }
    }
}
