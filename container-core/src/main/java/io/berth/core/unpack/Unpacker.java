// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.SyscallException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Fills an empty directory with the root file system that is in an archive, whatever form it has. */
final class Unpacker {
    /** What a container's birth mounts on; who packs a running system often leaves them out. */
    private static final List<String> MOUNT_POINTS = List.of("dev", "proc", "sys");

    private final Budget budget;
    private final Path tree;
    private final Path scratch;

    /** @param scratch an empty directory, for a copy of the archive where one is wanted */
    Unpacker(Budget budget, Path tree, Path scratch) {
        this.budget = budget;
        this.tree = tree;
        this.scratch = scratch;
    }

    /** @param sources one archive, or metadata and root file system of a split image */
    void unpack(List<Source> sources) throws IOException {
        try (Fd root = FileCalls.openat(tree.toString(), OpenFlag.O_RDONLY, OpenFlag.O_DIRECTORY)) {
            if (sources.size() > 1) {
                Archives.requireMetadata(sources.getFirst(), budget);
                rootfs(sources.getLast(), root);
            } else if (sources.getFirst().isSquashfs()) {
                squashfs(sources.getFirst());
            } else {
                archive(sources.getFirst(), root);
            }
            MOUNT_POINTS.forEach(name -> directory(root, name));
        }
    }

    private static void directory(Fd root, String name) {
        try {
            FileCalls.mkdirat(root, name, 0755);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
            requireDirectory(root, name);
        }
    }

    private static void requireDirectory(Fd root, String name) {
        try {
            FileCalls.openat(root, name, OpenFlag.O_PATH, OpenFlag.O_DIRECTORY, OpenFlag.O_NOFOLLOW)
                    .close();
        } catch (SyscallException e) {
            throw new RefusedArchiveException("'" + name + "' is no directory; a container needs one there", e);
        }
    }

    private void archive(Source source, Fd root) throws IOException {
        Form form = Archives.form(source, budget);
        switch (form) {
            case PLAIN -> plain(source, root);
            case UNIFIED -> {
                say("an image of LXD or Incus");
                try (Tree into = new Tree(root, Tree.Links.REFUSED, budget)) {
                    Archives.unified(source, into, budget);
                }
            }
            case LAYERED -> layered(source, root);
            case OPEN ->
                throw new RefusedArchiveException(
                        "the archive is no root file system, no image of LXD or Incus, and none of Docker or OCI");
        }
    }

    private void rootfs(Source source, Fd root) throws IOException {
        if (source.isSquashfs()) {
            squashfs(source);
        } else {
            plain(source, root);
        }
    }

    private void plain(Source source, Fd root) throws IOException {
        say("a root file system as tar archive");
        try (Tree into = new Tree(root, Tree.Links.REFUSED, budget)) {
            Archives.plain(source, into, budget);
        }
    }

    private void squashfs(Source source) throws IOException {
        say("a root file system as squashfs");
        Source.copy(source.raw(), copy());
        new Squashfs(copy(), budget).unpack(tree);
    }

    private void layered(Source source, Fd root) throws IOException {
        Source.copy(source.plain(budget), copy());
        try (ImageArchive archive = new ImageArchive(copy())) {
            List<LayerList.Layer> layers = new LayerList(archive).read();
            say("an image of " + layers.size() + " layers");
            var stack = new Layers(archive, root, budget);
            for (LayerList.Layer layer : layers) {
                stack.apply(layer);
            }
        }
    }

    private static void say(String line) {
        System.out.println("unpacking " + line);
        System.out.flush();
    }

    private Path copy() {
        return scratch.resolve("archive");
    }
}
