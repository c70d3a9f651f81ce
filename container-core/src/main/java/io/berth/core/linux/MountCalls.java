// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.AtFlag.AT_EMPTY_PATH;
import static io.berth.core.linux.FsFlag.FSMOUNT_CLOEXEC;
import static io.berth.core.linux.MoveMountFlag.MOVE_MOUNT_F_EMPTY_PATH;
import static io.berth.core.linux.MoveMountFlag.MOVE_MOUNT_T_EMPTY_PATH;
import static io.berth.core.linux.OpenTreeFlag.OPEN_TREE_CLOEXEC;
import static io.berth.core.linux.Syscall.call;

import org.jspecify.annotations.Nullable;

/** System calls on mounts, one wrapper each. New filesystems are made by {@link FilesystemContext}. */
public final class MountCalls {
    private MountCalls() {}

    /** See mount(2); {@code null} where the operation ignores the argument. */
    public static void mount(
            @Nullable String source, String target, @Nullable String type, Flags flags, @Nullable String data) {
        try (var memory = new NativeMemory()) {
            call(
                    Sys.MOUNT,
                    orNull(memory, source),
                    memory.string(target),
                    orNull(memory, type),
                    flags,
                    orNull(memory, data));
        }
    }

    private static Object orNull(NativeMemory memory, @Nullable String text) {
        return text == null ? Flags.NONE : memory.string(text);
    }

    public static void umount2(String target, UmountFlag... flags) {
        try (var memory = new NativeMemory()) {
            call(Sys.UMOUNT2, memory.string(target), Flags.of(flags));
        }
    }

    /** @param flags OPEN_TREE_CLONE and AT_*; OPEN_TREE_CLOEXEC is added */
    public static Fd openTree(Fd dir, String path, Constant... flags) {
        try (var memory = new NativeMemory()) {
            Flags all = Flags.of(flags).with(OPEN_TREE_CLOEXEC);
            return Fd.adopt(call(Sys.OPEN_TREE, dir, memory.string(path), all), "mount of '" + path + "'");
        }
    }

    /** Attaches a detached mount to a path. */
    public static void moveMount(Fd mount, Fd toDir, String to) {
        try (var memory = new NativeMemory()) {
            call(Sys.MOVE_MOUNT, mount, memory.string(""), toDir, memory.string(to), MOVE_MOUNT_F_EMPTY_PATH);
        }
    }

    /** Attaches a detached mount to an open directory or file, which nobody can exchange meanwhile. */
    public static void moveMount(Fd mount, Fd onto) {
        try (var memory = new NativeMemory()) {
            Flags flags = Flags.of(MOVE_MOUNT_F_EMPTY_PATH, MOVE_MOUNT_T_EMPTY_PATH);
            call(Sys.MOVE_MOUNT, mount, memory.string(""), onto, memory.string(""), flags);
        }
    }

    /** @param flags AT_RECURSIVE or none */
    public static void mountSetattr(Fd mount, MountAttributes attributes, AtFlag... flags) {
        try (var memory = new NativeMemory()) {
            NativeBuffer attr = attributes.encode(memory);
            call(
                    Sys.MOUNT_SETATTR,
                    mount,
                    memory.string(""),
                    Flags.of(AT_EMPTY_PATH).with(flags),
                    attr,
                    attr.size());
        }
    }

    static Fd fsmount(Fd context, Flags attributes, String name) {
        return Fd.adopt(call(Sys.FSMOUNT, context, FSMOUNT_CLOEXEC, attributes), name);
    }
}
