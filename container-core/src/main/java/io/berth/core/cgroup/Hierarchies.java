// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cgroup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where this machine has its cgroups.
 *
 * @param v2 where cgroup v2 is mounted
 * @param inV2 the controllers that v2 has
 * @param v1 where the controllers are that v2 lacks; two may share a mount
 * @param countsIo whether v2 has the io controller, by which nothing is limited
 * @param cpuset where a cpuset controller of v1 is, null for none. Nothing is limited there, but lxcfs(1) counts the processors of
 *     whoever asks by the cgroup that they have there
 */
record Hierarchies(
        Path v2,
        Set<Controller> inV2,
        Map<Controller, Path> v1,
        boolean countsIo,
        @Nullable Path cpuset) {
    private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");
    private static final String CPUSET = "cpuset";
    static final String IO = "io";
    private static final Path USUAL_PLACE = Path.of("/sys/fs/cgroup");

    Hierarchies {
        inV2 = Set.copyOf(inV2);
        v1 = Map.copyOf(v1);
    }

    /** @throws CgroupException without cgroup v2, or when a controller is nowhere */
    static Hierarchies detect() {
        return parse(read(MOUNTINFO), v2 -> read(v2.resolve("cgroup.controllers")));
    }

    /**
     * @param mountinfo see proc_pid_mountinfo(5)
     * @param controllers the content of cgroup.controllers at a mount of v2
     */
    static Hierarchies parse(String mountinfo, Function<Path, String> controllers) {
        List<Mount> mounts = mountinfo.lines().map(Mount::parse).toList();
        Path v2 = mounts.stream()
                .filter(mount -> mount.type.equals("cgroup2"))
                .map(Mount::point)
                .min(Comparator.comparing((Path point) -> !point.startsWith(USUAL_PLACE)))
                .orElseThrow(() -> new CgroupException(
                        "cgroup v2 is not mounted; mount it: mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified"));
        Set<String> available = Set.of(controllers.apply(v2).strip().split(" ", -1));
        Set<Controller> inV2 = EnumSet.allOf(Controller.class);
        inV2.removeIf(controller -> !available.contains(controller.kernelName()));
        Map<Controller, Path> v1 = v1(mounts, inV2);
        // a host without any other controller in v1 has lxcfs look at v2
        return new Hierarchies(
                v2,
                inV2,
                v1,
                available.contains(IO),
                v1.isEmpty() ? null : mount(mounts, CPUSET).orElse(null));
    }

    private static Map<Controller, Path> v1(List<Mount> mounts, Set<Controller> inV2) {
        Map<Controller, Path> v1 = new EnumMap<>(Controller.class);
        for (Controller controller : Controller.values()) {
            if (!inV2.contains(controller)) {
                v1.put(controller, v1(mounts, controller));
            }
        }
        return v1;
    }

    private static Path v1(List<Mount> mounts, Controller controller) {
        return mount(mounts, controller.kernelName())
                .orElseThrow(() -> new CgroupException("no cgroup hierarchy has the controller '"
                        + controller.kernelName() + "'; boot the kernel with cgroup_enable=" + controller.kernelName()
                        + " or without cgroup_disable"));
    }

    private static Optional<Path> mount(List<Mount> mounts, String controller) {
        return mounts.stream()
                .filter(mount -> mount.type.equals("cgroup") && mount.options.contains(controller))
                .map(Mount::point)
                .findFirst();
    }

    /** v2, and v1 as far as it is needed; each once. */
    Stream<Path> mounts() {
        return Stream.concat(Stream.of(v2), v1Mounts());
    }

    private Stream<Path> v1Mounts() {
        return Stream.concat(v1.values().stream(), Stream.ofNullable(cpuset))
                .distinct()
                .sorted();
    }

    /** The v1 directories with this name below their mounts. */
    List<Path> v1(String name) {
        return v1Mounts().map(mount -> mount.resolve(name)).toList();
    }

    /** The directory of that name below the cpuset mount, where there is one. */
    Optional<Path> cpuset(String name) {
        return Optional.ofNullable(cpuset).map(mount -> mount.resolve(name));
    }

    /** Which v1 cgroups a process of a container's is in, by the controllers' names. */
    Set<String> v1Names() {
        return Stream.concat(
                        v1.keySet().stream().map(Controller::kernelName),
                        cpuset == null ? Stream.empty() : Stream.of(CPUSET))
                .collect(Collectors.toSet());
    }

    /** One line of mountinfo. */
    private record Mount(Path point, String type, Set<String> options) {
        static Mount parse(String line) {
            String[] halves = line.split(" - ", 2);
            String[] behind = halves[1].split(" ", -1);
            return new Mount(
                    Path.of(unescape(halves[0].split(" ", -1)[4])),
                    behind[0],
                    Arrays.stream(behind[2].split(",", -1)).collect(Collectors.toSet()));
        }

        /** Blanks and backslashes are octal: mangle(), fs/proc_namespace.c. */
        private static String unescape(String path) {
            return path.replace("\\040", " ")
                    .replace("\\011", "\t")
                    .replace("\\012", "\n")
                    .replace("\\134", "\\");
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code cgroup v2 at /sys/fs/cgroup with memory, cpu, pids}, and where the others are. */
    String describe() {
        String lacking = v1.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> "; " + entry.getKey().kernelName() + " of v1 at " + entry.getValue())
                .collect(Collectors.joining());
        String having = inV2.stream().sorted().map(Controller::kernelName).collect(Collectors.joining(", "));
        return "cgroup v2 at " + v2 + (having.isEmpty() ? "" : " with " + having) + lacking;
    }
}
