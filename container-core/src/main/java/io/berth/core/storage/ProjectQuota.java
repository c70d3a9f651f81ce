// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.QuotaCalls;
import io.berth.core.linux.SyscallException;
import java.util.Optional;

/**
 * A project for each container, which its layer, its overlay's work directory and its snapshots are charged to, and for each volume; on
 * filesystems that are mounted with prjquota. What is older than the quotas has none, and is bounded by nothing.
 */
final class ProjectQuota {
    /** One inode for so many bytes, as mke2fs makes a disk of that size (inode_ratio in mke2fs.conf). */
    private static final long BYTES_PER_INODE = 16 << 10;

    private static final int NONE = 0;
    private static final int FIRST = 1 << 30; // administrators count from below: /etc/projid

    private final Fd pool;

    private ProjectQuota(PoolDirectories directories) {
        this.pool = directories.root();
    }

    static Optional<ProjectQuota> of(PoolDirectories directories) {
        return QuotaCalls.holdsProjects(directories.root())
                ? Optional.of(new ProjectQuota(directories))
                : Optional.empty();
    }

    /** Charges what will be made in an empty directory to an owner, which gets a project if it has no files yet. */
    synchronized void charge(Owner owner, Fd empty) {
        int project = present(owner).orElseGet(() -> free(owner));
        if (project != NONE) {
            QuotaCalls.assign(empty, project);
        }
    }

    /** The one that an owner's own directory has; empty when it has no directory. */
    private Optional<Integer> present(Owner owner) {
        try (Fd tree = PoolDirectories.directory(owner.home(), owner.name())) {
            return Optional.of(QuotaCalls.projectOf(tree));
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** One that nothing is charged to: whose number follows from the id, or the next. */
    private int free(Owner owner) {
        int project = FIRST | (owner.id().hashCode() & (FIRST - 1));
        while (QuotaCalls.project(pool, project).inodes() > 0) {
            project = FIRST | ((project + 1) & (FIRST - 1));
        }
        return project;
    }

    void limit(Owner owner, long bytes) {
        int project = present(owner).orElse(NONE);
        if (project != NONE) {
            QuotaCalls.limit(pool, project, bytes, bytes / BYTES_PER_INODE);
        }
    }

    /** Of an owner that exists. */
    Optional<QuotaCalls.Project> of(Owner owner) {
        return present(owner).filter(project -> project != NONE).map(project -> QuotaCalls.project(pool, project));
    }
}
