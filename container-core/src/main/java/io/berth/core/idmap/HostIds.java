// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What of a pool's ids somebody else on this host has: by delegation, by an account, or by a process that lives under them. */
public final class HostIds {
    private static final Pattern PID = Pattern.compile("[0-9]+");

    private final IdPool pool;
    private final Path etc;

    public HostIds(IdPool pool) {
        this(pool, Path.of("/etc"));
    }

    /** @param etc the directory of passwd, group, subuid and subgid */
    public HostIds(IdPool pool, Path etc) {
        this.pool = pool;
        this.etc = etc;
    }

    /** Whoever has ids of the pool by a file: /etc/subuid, /etc/subgid, /etc/passwd, /etc/group. */
    public List<ForeignIds> declared() {
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
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> PID.matcher(name).matches())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("listing /proc", e);
        }
    }
}
