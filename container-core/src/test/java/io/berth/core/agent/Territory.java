// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import io.berth.core.agent.Trace.Call;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where every name may be a tenant's: what lies below a container's directory in the pool, whether the container lives, is being made or
 * copied, is kept as a snapshot or is in the trash, and below the staging directory. There, root of the initial user namespace may
 * <ul>
 *   <li>use openat2 with RESOLVE_IN_ROOT, or with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS;
 *   <li>name one entry, not a path, relative to a descriptor, in a call that doesn't follow a symbolic link in that
 *       place. The descriptor came about in the same way, because all calls are looked at;
 *   <li>go up by "..", in the trash only, where no process is left that could move a directory meanwhile: rm(1) does so, and sees
 *       by device and inode that it is back where it came from;
 *   <li>work on a descriptor, with an empty path or, where a call takes none, as /proc/self/fd/N and no further.
 * </ul>
 * Nothing else, and nothing through another process's /proc/PID/root, cwd or fd.
 */
final class Territory {
    private static final Set<String> NEVER_FOLLOWS = Set.of(
            "unlinkat",
            "mkdirat",
            "mknodat",
            "symlinkat",
            "readlinkat",
            "renameat",
            "renameat2",
            "linkat",
            "move_mount");
    private static final Set<String> TWO_PATHS = Set.of("renameat", "renameat2", "linkat", "move_mount");
    private static final Set<String> OPENS = Set.of("openat", "openat2", "open_tree");
    private static final Set<String> WITHOUT_PATHS = Set.of(
            "clone", "clone3", "fork", "vfork", "setns", "unshare", "close", "dup3", "fsconfig", "fsmount", "fchdir");
    private static final Pattern FD = Pattern.compile("(AT_FDCWD|\\d+)(?:<(.*)>)?", Pattern.DOTALL);
    private static final Pattern ANOTHERS_ROOT =
            Pattern.compile("/proc/(?:self|thread-self|\\d+)/(?:task/\\d+/)?(?:root|cwd)(?:/.*)?");
    private static final Pattern BY_DESCRIPTOR =
            Pattern.compile("/proc/(self|thread-self|\\d+)/fd/(\\d+)(?:/(?:\\./)?(.*))?");

    private final Trace trace;
    private final Pattern below;
    /** Where descriptors are; for detached mounts and what was opened below them, strace can't tell. */
    private final Map<String, String> places = new HashMap<>();

    private final Map<String, String> detached = new HashMap<>();

    private final List<String> trespasses = new ArrayList<>();
    private int visits;

    /** @param staging where a rootfs is attached before the container's init has it as its root */
    Territory(Trace trace, Path pool, Path staging) {
        this.trace = trace;
        this.below = Pattern.compile(
                Pattern.quote(pool.toString()) + "/(?:containers|snapshots|building|trash)/[^/]+/.+|"
                        + Pattern.quote(staging.toString()) + "/.+",
                Pattern.DOTALL);
        trace.calls().stream().filter(trace::outside).forEach(this::look);
    }

    /** The calls that are not allowed there. */
    List<String> trespasses() {
        return List.copyOf(trespasses);
    }

    /** How many calls were made there. */
    int visits() {
        return visits;
    }

    private record Target(@Nullable String base, String path) {
        String whole() {
            return path.startsWith("/") ? path : base + "/" + path;
        }

        boolean isRelativeToFd() {
            return base != null && !path.startsWith("/");
        }

        boolean isOneEntry() {
            return !path.contains("/") && !path.equals(".") && (!path.equals("..") || isInTrash());
        }

        private boolean isInTrash() {
            return base != null && (base.isEmpty() || base.contains("/trash/"));
        }
    }

    private void look(Call call) {
        if (call.name().equals("close")) {
            detached.remove(key(call, call.arguments().getFirst()));
        }
        if (WITHOUT_PATHS.contains(call.name())) {
            return;
        }
        List<Target> targets = targets(call);
        targets.forEach(target -> judge(call, target));
        if (OPENS.contains(call.name()) && !call.failed() && !targets.isEmpty()) {
            remember(call, targets.getFirst());
        }
    }

    private void judge(Call call, Target target) {
        if (ANOTHERS_ROOT.matcher(target.path).matches()) {
            trespasses.add("through /proc: " + abridged(call));
        }
        boolean isUnknown = target.base != null && target.base.isEmpty() && !target.path.startsWith("/");
        if (target.path.isEmpty()
                || !(isUnknown || below.matcher(target.whole()).matches())) {
            return;
        }
        visits++;
        if (!isAllowed(call, target)) {
            trespasses.add(abridged(call));
        }
    }

    private static String abridged(Call call) {
        String text = call.toString();
        return text.length() < 500 ? text : text.substring(0, 250) + " ... " + text.substring(text.length() - 250);
    }

    private static boolean isAllowed(Call call, Target target) {
        String text = call.text();
        if (call.name().equals("openat2")) {
            return text.contains("RESOLVE_IN_ROOT")
                    || (text.contains("RESOLVE_BENEATH") && text.contains("RESOLVE_NO_SYMLINKS"));
        }
        boolean follows = !NEVER_FOLLOWS.contains(call.name())
                && !text.contains("O_NOFOLLOW")
                && !text.contains("AT_SYMLINK_NOFOLLOW");
        return target.isRelativeToFd() && target.isOneEntry() && !follows;
    }

    /** A mount's clone, or what was opened below one, bears no path of the host's. */
    private void remember(Call call, Target target) {
        String fd = key(call, call.result());
        String base = call.arguments().getFirst();
        Matcher place = FD.matcher(call.result());
        if (call.name().equals("open_tree") || detached.containsKey(key(call, base))) {
            detached.put(fd, target.whole());
            places.put(fd, target.whole());
        } else {
            detached.remove(fd);
            places.put(fd, place.matches() && place.group(2) != null ? place.group(2) : "");
        }
    }

    private String key(Call call, String fd) {
        return trace.process(call.pid()) + ":" + fd.replaceFirst("[< ].*", "");
    }

    private List<Target> targets(Call call) {
        List<Target> targets = new ArrayList<>();
        int most = TWO_PATHS.contains(call.name())
                        || call.name().equals("mount")
                        || call.name().equals("rename")
                ? 2
                : 1;
        String before = "";
        for (String argument : call.arguments()) {
            boolean isTarget = call.name().equals("symlinkat") && before.isEmpty();
            if (argument.startsWith("\"") && !isTarget && targets.size() < most) {
                targets.add(target(call, base(call, before), argument.replaceAll("^\"|\"(?:\\.\\.\\.)?$", "")));
            }
            before = argument;
        }
        return targets;
    }

    /** /proc/self/fd/N is N, and what follows is relative to it. */
    private Target target(Call call, @Nullable String base, String path) {
        Matcher descriptor = BY_DESCRIPTOR.matcher(path);
        if (!descriptor.matches()) {
            return new Target(base, path);
        }
        String owner = descriptor.group(1);
        int process = Character.isDigit(owner.charAt(0)) ? Integer.parseInt(owner) : trace.process(call.pid());
        String rest = descriptor.group(3);
        return new Target(places.getOrDefault(process + ":" + descriptor.group(2), ""), rest == null ? "" : rest);
    }

    /** @return null where the call takes no descriptor, empty where its path is too long for strace to tell */
    private @Nullable String base(Call call, String argument) {
        Matcher fd = FD.matcher(argument);
        if (!fd.matches()) {
            return null;
        }
        String known = detached.get(key(call, argument));
        return known != null ? known : fd.group(2) == null ? "" : fd.group(2);
    }
}
