// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import org.jspecify.annotations.Nullable;

/**
 * struct mount_attr, include/uapi/linux/mount.h; see mount_setattr(2), since Linux 5.12.
 *
 * @param propagation MS_PRIVATE, MS_SLAVE, MS_SHARED, MS_UNBINDABLE, or null to leave it
 * @param userns whose maps an MOUNT_ATTR_IDMAP takes, or null
 */
public record MountAttributes(
        Flags set,
        Flags clear,
        @Nullable MountFlag propagation,
        @Nullable Fd userns) {
    public static MountAttributes setting(MountAttr... attributes) {
        return new MountAttributes(Flags.of(attributes), Flags.NONE, null, null);
    }

    public static MountAttributes clearing(MountAttr... attributes) {
        return new MountAttributes(Flags.NONE, Flags.of(attributes), null, null);
    }

    public static MountAttributes propagating(MountFlag propagation) {
        return new MountAttributes(Flags.NONE, Flags.NONE, propagation, null);
    }

    /** The mount shows ids through the maps of a user namespace, besides what else is set. */
    public MountAttributes idmap(Fd userns) {
        return new MountAttributes(set.with(MountAttr.MOUNT_ATTR_IDMAP), clear, propagation, userns);
    }

    public static MountAttributes idmapped(Fd userns) {
        return setting().idmap(userns);
    }

    NativeBuffer encode(NativeMemory memory) {
        return memory.longs(
                        set.bits(),
                        clear.bits(),
                        propagation == null ? 0 : propagation.value(),
                        userns == null ? 0 : userns.number())
                .named(describe());
    }

    private String describe() {
        StringBuilder text = new StringBuilder("{");
        text.append(set.bits() == 0 ? "" : "set " + set);
        text.append(clear.bits() == 0 ? "" : " clear " + clear);
        text.append(propagation == null ? "" : " propagation " + propagation);
        text.append(userns == null ? "" : " userns " + userns);
        return text.append("}").toString();
    }
}
