// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.QuotaCalls;
import io.berth.core.linux.SyscallException;
import io.berth.core.spec.ContainerId;
import java.util.Optional;

/**
 * A project for each container, which its layer, its overlay's work directory and its snapshots are charged to; on filesystems that are
 * mounted with prjquota. A container that is older than the quotas has none, and is bounded by nothing.
 */
final class ProjectQuota {
    /** One inode for so many bytes, as mke2fs makes a disk of that size (inode_ratio in mke2fs.conf). */
    private static final long BYTES_PER_INODE = 16 << 10;

    private static final int NONE = 0;
    private static final int FIRST = 1 << 30; // administrators count from below: /etc/projid

    private final Fd pool;
    private final Fd containers;

    private ProjectQuota(PoolDirectories directories) {
        this.pool = directories.root();
        this.containers = directories.containers();
    }

    static Optional<ProjectQuota> of(PoolDirectories directories) {
        return QuotaCalls.holdsProjects(directories.root())
                ? Optional.of(new ProjectQuota(directories))
                : Optional.empty();
    }

    /** Charges what will be made in an empty directory to a container, which gets a project if it has no files yet. */
    synchronized void charge(ContainerId id, Fd empty) {
        int project = present(id).orElseGet(() -> free(id));
        if (project != NONE) {
            QuotaCalls.assign(empty, project);
        }
    }

    /** The one that a container's own directory has; empty when it has no directory. */
    private Optional<Integer> present(ContainerId id) {
        try (Fd tree = PoolDirectories.directory(containers, PoolDirectories.name(id))) {
            return Optional.of(QuotaCalls.projectOf(tree));
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** One that nothing is charged to: whose number follows from the id, or the next. */
    private int free(ContainerId id) {
        int project = FIRST | (id.value().hashCode() & (FIRST - 1));
        while (QuotaCalls.project(pool, project).inodes() > 0) {
            project = FIRST | ((project + 1) & (FIRST - 1));
        }
        return project;
    }

    void limit(ContainerId id, long bytes) {
        int project = present(id).orElse(NONE);
        if (project != NONE) {
            QuotaCalls.limit(pool, project, bytes, bytes / BYTES_PER_INODE);
        }
    }

    /** Of a container that exists. */
    Optional<QuotaCalls.Project> of(ContainerId id) {
        return present(id).filter(project -> project != NONE).map(project -> QuotaCalls.project(pool, project));
    }
}
