// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

import java.io.File;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What of a pool's ids somebody else on this host has: by delegation, by an account, or by a process that lives under them. */
public final class HostIds {
    private static final List<String> FILES = List.of("subuid", "subgid", "passwd", "group");

    private final IdPool pool;
    private final Path etc;
    private volatile @Nullable Declared declared;

    private record Declared(List<FileStamp> stamps, List<ForeignIds> ids) {}

    public HostIds(IdPool pool) {
        this(pool, Path.of("/etc"));
    }

    /** @param etc the directory of passwd, group, subuid and subgid */
    public HostIds(IdPool pool, Path etc) {
        this.pool = pool;
        this.etc = etc;
    }

    /** Whoever has ids of the pool by a file: /etc/subuid, /etc/subgid, /etc/passwd, /etc/group. Files that are as they were are not read again. */
    public List<ForeignIds> declared() {
        List<FileStamp> stamps =
                FILES.stream().map(file -> FileStamp.of(etc.resolve(file))).toList();
        Declared last = declared;
        if (last == null || !last.stamps.equals(stamps)) {
            last = new Declared(stamps, read());
            declared = last;
        }
        return last.ids;
    }

    private List<ForeignIds> read() {
        return Stream.of(
                        SubordinateIds.read(etc.resolve("subuid")),
                        SubordinateIds.read(etc.resolve("subgid")),
                        HostAccounts.read(etc.resolve("passwd")),
                        HostAccounts.read(etc.resolve("group")))
                .flatMap(List::stream)
                .filter(pool::overlaps)
                .toList();
    }

    /** The same and every process that lives under ids of the pool, the containers' own included. */
    public List<ForeignIds> all() {
        return Stream.concat(declared().stream(), live(pids().stream())).toList();
    }

    /**
     * The same without the processes of an instance's containers: what remains is a conflict, whoever owns the range.
     *
     * @param instance names the cgroup that its containers are below
     * @param agent the pid of its agent, whose children may be on their way into a container; 0 for none
     */
    public List<ForeignIds> strangers(String instance, long agent) {
        Stream<String> others = pids().stream().filter(pid -> !ProcessOwner.isOurs(pid, instance, agent));
        return Stream.concat(declared().stream(), live(others)).toList();
    }

    /** The processes of one user namespace say the same: the first will do. */
    private Stream<ForeignIds> live(Stream<String> pids) {
        Set<Map.Entry<Long, Long>> seen = new HashSet<>();
        return LiveMaps.read(pids).stream()
                .filter(pool::overlaps)
                .filter(map -> seen.add(Map.entry(map.first(), map.count())));
    }

    private static List<String> pids() {
        String[] names = new File("/proc").list();
        if (names == null) {
            throw new IllegalStateException("/proc can't be listed; is it mounted?");
        }
        return Stream.of(names)
                .filter(name -> Character.isDigit(name.charAt(0)))
                .toList();
    }
}
