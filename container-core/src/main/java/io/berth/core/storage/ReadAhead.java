// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import io.berth.core.linux.ElfFile;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FileStatus;
import io.berth.core.linux.FileType;
import io.berth.core.linux.Flags;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.ResolveFlag;
import io.berth.core.linux.SyscallException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads what a container reads first: its init and shells, and the libraries of both. Pages belong to a file, and a copy's files are
 * its own, so without this each container reads them from the disk while it boots. The tree is somebody else's work: nothing is
 * followed out of it, and what is read has bounds.
 */
final class ReadAhead {
    private static final List<String> FIRST = List.of("sbin/init", "bin/sh", "bin/bash", "etc/ld.so.cache");
    /** Where a linker looks by itself, with the names of Debian's multiarch; others have one of the rest. */
    private static final List<String> LIBRARIES = List.of(
            "lib/x86_64-linux-gnu",
            "usr/lib/x86_64-linux-gnu",
            "lib/aarch64-linux-gnu",
            "usr/lib/aarch64-linux-gnu",
            "lib64",
            "usr/lib64",
            "lib",
            "usr/lib");

    private static final long MOST_FILE_BYTES = 16L << 20; // several times what any known init or library has
    private static final long MOST_BYTES = 64L << 20;
    private static final int MOST_FILES = 128;

    private final Fd tree;
    private final Deque<List<String>> wanted = new ArrayDeque<>();
    private final Set<String> asked = new HashSet<>();
    private final Set<Long> read = new HashSet<>();
    private long bytes;

    private ReadAhead(Fd tree) {
        this.tree = tree;
    }

    /** @return how many bytes were read */
    static long of(Fd tree) {
        ReadAhead ahead = new ReadAhead(tree);
        FIRST.forEach(path -> ahead.want(List.of(path)));
        ahead.run();
        return ahead.bytes;
    }

    /** The first of several paths that is there. */
    private void want(List<String> paths) {
        if (asked.add(paths.getFirst())) {
            wanted.add(paths);
        }
    }

    private void run() {
        for (List<String> paths = wanted.poll(); paths != null; paths = wanted.poll()) {
            for (String path : paths) {
                if (read.size() < MOST_FILES && read(path)) {
                    break;
                }
            }
        }
    }

    private boolean read(String path) {
        Flags flags = Flags.of(OpenFlag.O_RDONLY, OpenFlag.O_NONBLOCK, OpenFlag.O_NOCTTY);
        try (Fd file = FileCalls.openat2(
                tree, path, 0, flags, ResolveFlag.RESOLVE_IN_ROOT, ResolveFlag.RESOLVE_NO_MAGICLINKS)) {
            FileStatus status = FileCalls.fstat(file);
            if (!status.is(FileType.S_IFREG) || status.size() > Math.min(MOST_FILE_BYTES, MOST_BYTES - bytes)) {
                return false;
            }
            if (read.add(status.inode())) {
                byte[] content = FileCalls.readAll(file);
                bytes += content.length;
                ElfFile.parse(content).ifPresent(elf -> wantWhatItNeeds(elf, path));
            }
            return true;
        } catch (SyscallException e) {
            if (e.errno() == Errno.EIO) {
                throw e;
            }
            return false; // not there, or nothing that can be read
        }
    }

    private void wantWhatItNeeds(ElfFile elf, String path) {
        elf.interpreter().ifPresent(linker -> want(List.of(linker)));
        Optional<String> origin =
                Optional.of(path.lastIndexOf('/')).filter(at -> at > 0).map(at -> path.substring(0, at));
        List<String> first = elf.searched().stream()
                .map(directory -> directory.replace("$ORIGIN", origin.orElse("")))
                .toList();
        for (String library : elf.needed()) {
            List<String> paths = new ArrayList<>();
            Stream.concat(first.stream(), LIBRARIES.stream())
                    .forEach(directory -> paths.add(directory + "/" + library));
            want(paths);
        }
    }
}
