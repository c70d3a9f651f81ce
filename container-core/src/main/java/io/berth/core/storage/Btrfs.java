// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Ioctl;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/** btrfs's ioctls on subvolumes, with the layouts of include/uapi/linux/btrfs.h and btrfs_tree.h. */
final class Btrfs {
    private static final int ARGS_BYTES = 4096; // every struct here but the flags
    private static final int VOL_ARGS_FD = 0; // struct btrfs_ioctl_vol_args_v2
    private static final int VOL_ARGS_FLAGS = 16;
    private static final int VOL_ARGS_NAME = 56;
    private static final long BTRFS_SUBVOL_RDONLY = 1 << 1;
    private static final long BTRFS_SUBVOL_SPEC_BY_ID = 1 << 4;
    private static final long BTRFS_FIRST_FREE_OBJECTID = 256; // the inode of every subvolume's root
    private static final long BTRFS_ROOT_TREE_OBJECTID = 1;
    private static final int BTRFS_ROOT_REF_KEY = 156;
    private static final int SEARCH_ITEM_COUNT = 64; // nr_items of struct btrfs_ioctl_search_key
    private static final int SEARCH_KEY_BYTES = 104;
    private static final int SEARCH_HEADER_BYTES = 32;

    private static final int BTRFS_ROOT_ITEM_KEY = 132;
    private static final int BTRFS_QUOTA_CTL_ENABLE_SIMPLE_QUOTA = 4;
    static final int BTRFS_QGROUP_LIMIT_MAX_RFER = 1;
    private static final int FS_INFO_BYTES = 1024;
    private static final int FS_INFO_FSID = 16; // struct btrfs_ioctl_fs_info_args

    private Btrfs() {}

    /** Since Linux 6.7; once they are on, nothing happens. */
    static void enableSimpleQuota(Fd pool) {
        new Args(16).put(0, BTRFS_QUOTA_CTL_ENABLE_SIMPLE_QUOTA).ioctl(pool, Ioctl.BTRFS_IOC_QUOTA_CTL);
    }

    static UUID uuidOf(Fd pool) {
        Args info = new Args(FS_INFO_BYTES);
        info.ioctl(pool, Ioctl.BTRFS_IOC_FS_INFO);
        ByteBuffer id = ByteBuffer.wrap(info.bytes, FS_INFO_FSID, 16); // in the order of its text
        return new UUID(id.getLong(), id.getLong());
    }

    static void createGroup(Fd pool, long group) {
        new Args(16).put(0, 1).put(8, group).ioctl(pool, Ioctl.BTRFS_IOC_QGROUP_CREATE);
    }

    static void removeGroup(Fd pool, long group) {
        new Args(16).put(8, group).ioctl(pool, Ioctl.BTRFS_IOC_QGROUP_CREATE);
    }

    static void assignToGroup(Fd pool, long subvolume, long group) {
        new Args(24).put(0, 1).put(8, subvolume).put(16, group).ioctl(pool, Ioctl.BTRFS_IOC_QGROUP_ASSIGN);
    }

    static void limitGroup(Fd pool, long group, long bytes) {
        new Args(48)
                .put(0, group)
                .put(8, BTRFS_QGROUP_LIMIT_MAX_RFER)
                .put(16, bytes)
                .ioctl(pool, Ioctl.BTRFS_IOC_QGROUP_LIMIT);
    }

    static boolean hasSubvolume(Fd pool, long subvolume) {
        Args search = new Args(ARGS_BYTES)
                .put(0, BTRFS_ROOT_TREE_OBJECTID)
                .put(8, subvolume) // min_objectid
                .put(16, subvolume) // max_objectid
                .put(32, -1) // max_offset
                .put(48, -1) // max_transid
                .putInt(56, BTRFS_ROOT_ITEM_KEY) // min_type
                .putInt(60, BTRFS_ROOT_ITEM_KEY) // max_type
                .putInt(SEARCH_ITEM_COUNT, 1);
        search.ioctl(pool, Ioctl.BTRFS_IOC_TREE_SEARCH);
        return search.view.getInt(SEARCH_ITEM_COUNT) > 0;
    }

    static void create(Fd directory, String name) {
        named(name).ioctl(directory, Ioctl.BTRFS_IOC_SUBVOL_CREATE_V2);
    }

    static void snapshot(Fd source, Fd directory, String name, boolean readOnly) {
        named(name)
                .put(VOL_ARGS_FD, source.number())
                .put(VOL_ARGS_FLAGS, readOnly ? BTRFS_SUBVOL_RDONLY : 0)
                .ioctl(directory, Ioctl.BTRFS_IOC_SNAP_CREATE_V2);
    }

    /**
     * Writes everything out, commits, and wakes the thread that frees what was destroyed. BTRFS_IOC_START_SYNC would cost less, but
     * waits in the kernel for the interval of 30 s when its wake-up comes while the thread that commits is about to sleep.
     */
    static void sync(Fd pool) {
        new Args(0).ioctl(pool, Ioctl.BTRFS_IOC_SYNC);
    }

    static void setReadOnly(Fd subvolume, boolean readOnly) {
        new Args(Long.BYTES)
                .put(0, readOnly ? BTRFS_SUBVOL_RDONLY : 0)
                .ioctl(subvolume, Ioctl.BTRFS_IOC_SUBVOL_SETFLAGS);
    }

    /**
     * Destroys a subvolume and those that were made in it, innermost first. It goes by ids in the root tree and never by a path
     * through a tenant's files.
     *
     * @param pool any directory of the filesystem
     */
    static void destroy(Fd pool, long subvolume) {
        Deque<Long> left =
                new ArrayDeque<>(List.of(subvolume)); // a tenant decides how deep they are nested: no recursion
        while (!left.isEmpty()) {
            List<Long> inner = children(pool, left.getFirst());
            if (inner.isEmpty()) {
                destroyEmpty(pool, left.pop());
            } else {
                inner.forEach(left::push);
            }
        }
    }

    private static void destroyEmpty(Fd pool, long subvolume) {
        new Args(ARGS_BYTES)
                .put(VOL_ARGS_FLAGS, BTRFS_SUBVOL_SPEC_BY_ID)
                .put(VOL_ARGS_NAME, subvolume)
                .ioctl(pool, Ioctl.BTRFS_IOC_SNAP_DESTROY_V2);
    }

    /** The id of the subvolume that an open directory belongs to. */
    static long idOf(Fd directory) {
        Args lookup = new Args(ARGS_BYTES).put(8, BTRFS_FIRST_FREE_OBJECTID); // struct btrfs_ioctl_ino_lookup_args
        lookup.ioctl(directory, Ioctl.BTRFS_IOC_INO_LOOKUP);
        return lookup.view.getLong(0);
    }

    /** Some of the subvolumes right inside, none when there are none: as many as one answer holds. */
    private static List<Long> children(Fd pool, long subvolume) {
        Args search = new Args(ARGS_BYTES)
                .put(0, BTRFS_ROOT_TREE_OBJECTID)
                .put(8, subvolume) // min_objectid
                .put(16, subvolume) // max_objectid
                .put(32, -1) // max_offset
                .put(48, -1) // max_transid
                .putInt(56, BTRFS_ROOT_REF_KEY) // min_type
                .putInt(60, BTRFS_ROOT_REF_KEY) // max_type
                .putInt(SEARCH_ITEM_COUNT, Integer.MAX_VALUE);
        search.ioctl(pool, Ioctl.BTRFS_IOC_TREE_SEARCH);
        List<Long> ids = new ArrayList<>();
        int at = SEARCH_KEY_BYTES;
        for (int left = search.view.getInt(SEARCH_ITEM_COUNT); left > 0; left--) {
            ids.add(search.view.getLong(at + 16)); // offset of struct btrfs_ioctl_search_header: the child's id
            at += SEARCH_HEADER_BYTES + search.view.getInt(at + 28); // len
        }
        return ids;
    }

    private static Args named(String name) {
        Args args = new Args(ARGS_BYTES);
        args.view.put(VOL_ARGS_NAME, name.getBytes(StandardCharsets.UTF_8));
        return args;
    }

    /** A zeroed struct that goes in and comes out. */
    private static final class Args {
        private final byte[] bytes;
        private final ByteBuffer view;

        Args(int size) {
            bytes = new byte[size];
            view = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        }

        Args put(int at, long value) {
            view.putLong(at, value);
            return this;
        }

        Args putInt(int at, int value) {
            view.putInt(at, value);
            return this;
        }

        void ioctl(Fd fd, Ioctl request) {
            FileCalls.ioctl(fd, request, bytes);
        }
    }
}
