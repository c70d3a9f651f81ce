// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FileStatus;
import io.berth.core.linux.FileType;
import io.berth.core.linux.Flags;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.ResolveFlag;
import io.berth.core.linux.SyscallException;
import io.berth.core.spec.ImageOrigin;
import java.util.List;
import java.util.function.Consumer;

/**
 * An image out of archives that somebody brought, and nothing in them is believed: a worker without privilege takes them apart.
 *
 * @param archives one, or metadata and root file system of a split image
 * @param from where they are from, for people to read
 */
record ArchiveDefinition(Worker worker, List<Fd> archives, String from, ArchiveLimits limits)
        implements ImageDefinition {
    /** The worker's program; a name and no class, as it shares nothing with us but what both know of the kernel. */
    private static final String PROGRAM = "io.berth.core.unpack.UnpackMain";

    @Override
    public void build(Fd tree, Consumer<String> progress) {
        archives.forEach(this::check);
        List<String> arguments = List.of(PROGRAM, Long.toString(limits.bytes()), Long.toString(limits.entries()));
        worker.run(arguments, archives, tree, limits.time(), progress);
        requireInit(tree);
    }

    @Override
    public ImageOrigin origin() {
        return new ImageOrigin(from, ArchiveDigest.of(archives));
    }

    private void check(Fd archive) {
        FileStatus status = FileCalls.fstat(archive);
        if (!status.is(FileType.S_IFREG)) {
            throw new ImageException.Refused("the archive is no regular file; save it to one first");
        }
        if (status.size() > limits.archiveBytes()) {
            throw new ImageException.Refused("the archive has " + (status.size() >> 20) + " MiB; at most "
                    + (limits.archiveBytes() >> 20) + " MiB are taken");
        }
    }

    /** What starts a container's first process would fail at, with nobody there to read why. */
    private static void requireInit(Fd tree) {
        Flags pathOnly = Flags.of(OpenFlag.O_PATH);
        try (Fd init = FileCalls.openat2(
                tree, "/sbin/init", 0, pathOnly, ResolveFlag.RESOLVE_IN_ROOT, ResolveFlag.RESOLVE_NO_MAGICLINKS)) {
            if (FileCalls.fstat(init).is(FileType.S_IFREG)) {
                return;
            }
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTDIR && e.errno() != Errno.ELOOP) {
                throw e;
            }
        }
        throw new ImageException.Refused("the image has no /sbin/init: it holds an application and no system; "
                + "install an init in it first (Debian: systemd-sysv)");
    }
}
