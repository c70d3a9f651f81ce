// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lxcfs;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.Flags;
import io.berth.core.linux.MoveMountFlag;
import io.berth.core.linux.Sys;
import io.berth.core.linux.UmountFlag;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.PlanBuilder;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * One container's mounts of lxcfs's files, detached: each shows one file and has no way to another.
 *
 * @param generation of the lxcfs that they are of
 */
public record Views(int generation, Map<View, Fd> mounts) implements AutoCloseable {
    private static final Flags ATTACH = Flags.of(MoveMountFlag.MOVE_MOUNT_F_EMPTY_PATH);

    public Views {
        mounts = Map.copyOf(mounts);
    }

    static Views none(int generation) {
        return new Views(generation, Map.of());
    }

    /** A slot each, for a plan that attaches them. */
    public static Map<View, Slot> slots(PlanBuilder plan, Set<View> shown) {
        Map<View, Slot> slots = new EnumMap<>(View.class);
        shown.stream().sorted().forEach(view -> slots.put(view, plan.slot(view.point())));
        return slots;
    }

    /** The descriptors for {@link #slots}. */
    public Map<Slot, Fd> in(Map<View, Slot> slots) {
        Map<Slot, Fd> fds = new HashMap<>();
        mounts.forEach((view, mount) -> {
            Slot slot = slots.get(view);
            if (slot != null) {
                fds.put(slot, mount);
            }
        });
        return fds;
    }

    /**
     * For the container's init in its own root, before anything of the tenant's has run.
     *
     * @param slots of the detached mounts
     */
    public static void attach(PlanBuilder plan, Map<View, Slot> slots) {
        slots.forEach((view, slot) -> attach(plan, view, slot).tolerate(Errno.ENOENT)); // not every kernel has them all
    }

    /**
     * The same in a container that runs, whose root may have put anything at these paths by now: that is theirs to see, and keeps
     * nothing else from being attached.
     *
     * @param stale where files of an lxcfs that has died are on top
     */
    public static void replace(PlanBuilder plan, Map<View, Slot> slots, Set<View> stale) {
        slots.forEach((view, slot) -> {
            if (stale.contains(view)) {
                Flags how = Flags.of(UmountFlag.MNT_DETACH, UmountFlag.UMOUNT_NOFOLLOW);
                plan.call("let the dead " + view.point() + " go", Sys.UMOUNT2, view.point(), how)
                        .ignoreErrors();
            }
            attach(plan, view, slot).ignoreErrors();
        });
    }

    private static PlanBuilder attach(PlanBuilder plan, View view, Slot slot) {
        return plan.call("show " + view.describe(), Sys.MOVE_MOUNT, slot, "", Fd.AT_FDCWD, view.point(), ATTACH);
    }

    @Override
    public void close() {
        mounts.values().forEach(Fd::close);
    }
}
