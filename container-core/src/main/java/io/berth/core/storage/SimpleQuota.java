// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.SyscallException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * btrfs's simple quotas: every extent is charged, for as long as anybody has it, to the subvolume that allocated it. So a commit costs
 * nothing more however many containers share an image, which the older kind of quotas pays for with a walk back to all of them.
 *
 * <p>A container has a group at level 1 that its subvolume, those before a restore, and its snapshots are members of; a volume has one. Since Linux 6.7.
 */
final class SimpleQuota {
    private static final Logger LOG = LoggerFactory.getLogger(SimpleQuota.class);
    private static final Path SYSFS = Path.of("/sys/fs/btrfs");
    private static final String SIMPLE = "squota";
    private static final long LEVEL = 1L << 48; // BTRFS_QGROUP_LEVEL_SHIFT, include/uapi/linux/btrfs_tree.h
    private static final String GROUPS = "1_";
    private static final String SUBVOLUMES = "0_";

    private final Fd pool;
    private final Path groups;

    private SimpleQuota(Fd pool, Path groups) {
        this.pool = pool;
        this.groups = groups;
    }

    /**
     * Switches them on, where that is possible; those that are on stay so. What was written before is not counted.
     *
     * @param ours whether the filesystem is nobody's but the pool's: on others, what their owner has chosen counts
     */
    static Optional<SimpleQuota> of(Fd pool, boolean ours) {
        try {
            if (ours) {
                Btrfs.enableSimpleQuota(pool);
            }
            Path groups = SYSFS.resolve(Btrfs.uuidOf(pool).toString()).resolve("qgroups");
            return Files.isRegularFile(groups.resolve("mode"))
                            && Files.readString(groups.resolve("mode")).strip().equals(SIMPLE)
                    ? Optional.of(new SimpleQuota(pool, groups))
                    : Optional.empty();
        } catch (SyscallException | IOException e) {
            LOG.warn("event=no-quota error=\"{}\", ignoring", e.getMessage());
            return Optional.empty();
        }
    }

    /** The random part of a UUID of any version that is in use. */
    private static long group(UUID owner) {
        return LEVEL | number(owner);
    }

    private static long number(UUID owner) {
        return owner.getLeastSignificantBits() & (LEVEL - 1);
    }

    /** Counts a tree as the owner's; one that is counted already stays so. */
    synchronized void count(UUID owner, Fd tree) {
        try {
            ignoring(Errno.EEXIST, () -> Btrfs.createGroup(pool, group(owner)));
            ignoring(Errno.EEXIST, () -> Btrfs.assignToGroup(pool, Btrfs.idOf(tree), group(owner)));
        } catch (SyscallException e) {
            throw e.errno() == Errno.ENOTCONN
                    ? new StorageException.MissingFeature(
                            "somebody has switched the quotas of the pool's btrfs off",
                            "restart the agent, which switches them on",
                            e)
                    : e;
        }
    }

    /** Of an owner that has a tree. */
    void limit(UUID owner, long bytes) {
        Btrfs.limitGroup(pool, group(owner), bytes);
    }

    /** What the group's members take, and what is promised to data that is not on disk yet. */
    OptionalLong used(UUID owner) {
        Path group = groups.resolve(GROUPS + number(owner));
        try {
            return OptionalLong.of(value(group, "referenced") + value(group, "rsv_data"));
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + group, e);
        }
    }

    /** What the group is limited to; empty when it is not. */
    OptionalLong heldTo(UUID owner) {
        Path group = groups.resolve(GROUPS + number(owner));
        try {
            return (value(group, "limit_flags") & Btrfs.BTRFS_QGROUP_LIMIT_MAX_RFER) == 0
                    ? OptionalLong.empty()
                    : OptionalLong.of(value(group, "max_referenced"));
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + group, e);
        }
    }

    private static long value(Path group, String name) throws IOException {
        return Long.parseLong(Files.readString(group.resolve(name)).strip());
    }

    /**
     * Removes the groups of owners that are gone, as far as nobody has extents that they are charged for. The kernel does so by itself
     * for subvolumes that had none left when they went.
     */
    synchronized void sweep(Set<UUID> present) {
        Set<Long> kept = present.stream().map(SimpleQuota::number).collect(Collectors.toSet());
        numbers(SUBVOLUMES, number -> isEmpty(number) && !Btrfs.hasSubvolume(pool, number))
                .forEach(this::remove);
        numbers(GROUPS, number -> !kept.contains(number))
                .map(number -> LEVEL | number)
                .forEach(this::remove);
    }

    private boolean isEmpty(long subvolume) {
        try {
            return value(groups.resolve(SUBVOLUMES + subvolume), "referenced") == 0;
        } catch (IOException e) {
            return false; // it has gone meanwhile
        }
    }

    private Stream<Long> numbers(String prefix, Predicate<Long> wanted) {
        try (Stream<Path> entries = Files.list(groups)) {
            return entries
                    .map(entry -> String.valueOf(entry.getFileName()))
                    .filter(name -> name.startsWith(prefix))
                    .map(name -> Long.valueOf(name.substring(prefix.length())))
                    .filter(wanted)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException("listing " + groups, e);
        }
    }

    private void remove(long group) {
        try {
            Btrfs.removeGroup(pool, group);
        } catch (SyscallException e) {
            LOG.debug("event=group-kept group={} error={}, ignoring", group, e.getMessage()); // it has members yet
        }
    }

    private static void ignoring(Errno ignored, Runnable call) {
        try {
            call.run();
        } catch (SyscallException e) {
            if (e.errno() != ignored) {
                throw e;
            }
        }
    }
}
