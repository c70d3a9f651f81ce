// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lxcfs;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a container's mountinfo says of its views; see proc_pid_mountinfo(5).
 *
 * @param missing those that are not of the lxcfs that runs now
 * @param stale those of them where one of another lxcfs is on top
 */
public record MountedViews(Set<View> missing, Set<View> stale) {
    private static final String TYPE = "fuse.lxcfs";
    private static final int DEVICE = 2;
    private static final int POINT = 4;

    public MountedViews {
        missing = Set.copyOf(missing);
        stale = Set.copyOf(stale);
    }

    /**
     * @param wanted what the lxcfs that runs has
     * @param device of its mounts
     */
    static MountedViews of(String mountinfo, Set<View> wanted, String device) {
        Set<View> missing = EnumSet.noneOf(View.class);
        Set<View> stale = EnumSet.noneOf(View.class);
        for (View view : wanted) {
            Optional<String[]> top = top(mountinfo, view.point());
            if (top.filter(fields -> fields[DEVICE].equals(device)).isEmpty()) {
                missing.add(view);
                top.ifPresent(_ -> stale.add(view));
            }
        }
        return new MountedViews(missing, stale);
    }

    static Optional<String> device(String mountinfo, String point) {
        return top(mountinfo, point).map(fields -> fields[DEVICE]);
    }

    /** The newest mount there, if it is of an lxcfs. */
    private static Optional<String[]> top(String mountinfo, String point) {
        Stream<String> there = mountinfo.lines().filter(line -> line.split(" ", POINT + 2)[POINT].equals(point));
        return there.reduce((_, later) -> later)
                .filter(line -> line.contains(" - " + TYPE + " "))
                .map(line -> line.split(" ", POINT + 2));
    }
}
