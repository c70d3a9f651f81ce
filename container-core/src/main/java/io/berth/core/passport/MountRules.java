// SPDX-License-Identifier: Apache-2.0
package io.berth.core.passport;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** PID 1's mounts. A tenant may mount what the kernel lets them; what Berth mounted has to stay as it was, and nothing may be the host's. */
final class MountRules {
    private static final int MOST_LISTED = 100;

    /** What init finds at birth. */
    private record Required(String point, Set<String> types, Set<String> options, String reason) {
        Required {
            types = Set.copyOf(types);
            options = Set.copyOf(options);
        }

        boolean isMetBy(MountLine mount) {
            return types.contains(mount.type()) && mount.options().containsAll(options);
        }

        String describe() {
            return types.stream().sorted().collect(Collectors.joining(" or "))
                    + (options.isEmpty()
                            ? ""
                            : " with " + options.stream().sorted().collect(Collectors.joining(",")));
        }
    }

    private static final Set<String> HARMLESS = Set.of("nosuid", "nodev", "noexec");

    private static final List<Required> REQUIRED = List.of(
            new Required(
                    "/",
                    Set.of("btrfs", "overlay"),
                    Set.of(),
                    "its files are its own subvolume or overlay; setuid programs work, as the pool outside is nosuid,nodev"),
            new Required("/proc", Set.of("proc"), HARMLESS, "it shows the processes of its own pid namespace alone"),
            new Required(
                    "/sys",
                    Set.of("sysfs"),
                    Set.of("ro", "nosuid", "nodev", "noexec"),
                    "its few writable files act on the host's devices"),
            new Required(
                    "/sys/fs/cgroup",
                    Set.of("cgroup2"),
                    HARMLESS,
                    "it shows the part that was delegated to the container alone"),
            new Required(
                    "/dev",
                    Set.of("tmpfs"),
                    Set.of("nosuid", "noexec"),
                    "it holds the harmless nodes and no other; what root inside makes there cannot be opened"),
            new Required(
                    "/dev/pts",
                    Set.of("devpts"),
                    Set.of("nosuid", "noexec"),
                    "a devpts of its own: no other's terminal can be named"));

    /** Their instances are the host's, but what each shows is not. */
    private static final Set<String> SHARED_BY_NATURE = Set.of("cgroup2", "nsfs", "securityfs", "fuse.lxcfs");

    private MountRules() {}

    static List<Line> judge(Facts facts, Expectation expectation) {
        List<MountLine> mounts = MountLine.all(facts.init().mountinfo());
        List<MountLine> host = MountLine.all(facts.host().mountinfo());
        List<Line> lines = new ArrayList<>();
        REQUIRED.forEach(required -> lines.add(line(required, mounts)));
        lines.add(ofHost(mounts, host, expectation));
        lines.add(volumes(mounts, expectation));
        lines.add(propagation(mounts, host));
        lines.add(openFiles(facts.init().openFiles(), host));
        lines.add(number(mounts, facts.init().isWhole()));
        mounts.stream()
                .filter(mount -> REQUIRED.stream().noneMatch(required -> required.point.equals(mount.point())))
                .limit(MOST_LISTED)
                .forEach(mount -> lines.add(new Line(
                        "mount " + mount.point(),
                        mount.describe(),
                        "none of the host's",
                        true,
                        "mounted at birth or by its root, in its own user namespace")));
        return lines;
    }

    private static Line line(Required required, List<MountLine> mounts) {
        Optional<MountLine> top = top(required.point, mounts);
        return new Line(
                "mount " + required.point,
                top.map(MountLine::describe).orElse("nothing is mounted there"),
                required.describe(),
                top.filter(required::isMetBy).isPresent(),
                required.reason);
    }

    /** Of several at one point, the one that no other of them stands on. */
    private static Optional<MountLine> top(String point, List<MountLine> mounts) {
        List<MountLine> there =
                mounts.stream().filter(mount -> mount.point().equals(point)).toList();
        Set<Integer> covered = there.stream().map(MountLine::parent).collect(Collectors.toSet());
        return there.stream().filter(mount -> !covered.contains(mount.id())).findFirst();
    }

    /** By the file system's instance, which a bind mount can't hide. */
    private static Line ofHost(List<MountLine> mounts, List<MountLine> host, Expectation expectation) {
        Set<String> devices = host.stream().map(MountLine::device).collect(Collectors.toSet());
        List<String> theHosts = mounts.stream()
                .filter(mount -> devices.contains(mount.device()) && !isOwn(mount, expectation))
                .map(mount -> mount.point() + " (" + mount.type() + " " + mount.root() + ")")
                .toList();
        return new Line(
                "mounts.of_host",
                theHosts.isEmpty() ? "none of " + mounts.size() : String.join(", ", theHosts),
                "none but its own root, volumes and cgroup",
                theHosts.isEmpty(),
                "a file system that host and container share is a way out");
    }

    private static boolean isOwn(MountLine mount, Expectation expectation) {
        if (expectation.volumes().stream().anyMatch(volume -> volume.isShownBy(mount))) {
            return true;
        }
        String id = expectation.id().toString();
        return switch (mount.type()) {
            case "btrfs" -> (mount.root() + "/").contains("/containers/" + id + "/");
            case "cgroup2" -> mount.root().contains("/" + id + "/payload");
            case "cgroup" -> (mount.root() + "/").contains("/" + id + "/");
            default -> SHARED_BY_NATURE.contains(mount.type());
        };
    }

    /** Wherever its root has bound them: the flags are locked, and come along. */
    private static Line volumes(List<MountLine> mounts, Expectation expectation) {
        List<String> lifted = mounts.stream()
                .filter(mount -> expectation.volumes().stream()
                        .anyMatch(volume -> volume.isShownBy(mount) && !volume.isMetBy(mount)))
                .map(mount -> mount.point() + " (" + mount.describe() + ")")
                .toList();
        return new Line(
                "mounts.volumes",
                lifted.isEmpty() ? "as attached" : String.join(", ", lifted),
                "nosuid, nodev, and ro where it only reads, on every mount of a volume",
                lifted.isEmpty(),
                "several containers have one volume: none makes another's user root, or writes where it is to read");
    }

    private static Line propagation(List<MountLine> mounts, List<MountLine> host) {
        Set<Integer> groups =
                host.stream().flatMap(mount -> mount.peers().stream()).collect(Collectors.toSet());
        List<String> joined = mounts.stream()
                .filter(mount -> mount.peers().stream().anyMatch(groups::contains))
                .map(MountLine::point)
                .toList();
        return new Line(
                "mounts.propagation",
                joined.isEmpty() ? "no peer group with the host" : "shared with the host: " + String.join(", ", joined),
                "no peer group with the host",
                joined.isEmpty(),
                "else what is mounted on one side appears on the other");
    }

    /** CVE-2024-21626's class: a file or directory of the host that was left open. */
    private static Line openFiles(List<Facts.OpenFile> files, List<MountLine> host) {
        Set<Integer> mounts = host.stream().map(MountLine::id).collect(Collectors.toSet());
        List<String> outside = files.stream()
                .filter(file -> mounts.contains(file.mount()))
                .map(file -> file.number() + " -> " + file.target())
                .toList();
        return new Line(
                "fds.init",
                outside.isEmpty()
                        ? "none of " + files.size() + " leads to a mount of the host"
                        : String.join(", ", outside),
                "none leads to a mount of the host",
                outside.isEmpty(),
                "a descriptor left open at birth would be a way around the mount namespace");
    }

    private static Line number(List<MountLine> mounts, boolean isWhole) {
        return new Line(
                "mounts.number",
                isWhole ? Integer.toString(mounts.size()) : "more than " + mounts.size() + ", not all looked at",
                "few enough to look at each",
                isWhole,
                "whether flags are locked the kernel does not tell; the container's birth, not this list, sees to it");
    }
}
