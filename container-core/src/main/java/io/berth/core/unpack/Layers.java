// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import static io.berth.core.unpack.RefusedArchiveException.quoted;

import io.berth.core.linux.Fd;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * Lays layers over each other. Each is read twice: first for what it takes away, which must be from layers below alone whatever its
 * entries' order (layer.md of the OCI image specification), and for its digests; then for what it brings.
 */
final class Layers {
    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    /** Docker's own, of its aufs driver: hard links across layers, which say nothing here. */
    private static final String AUFS = ".wh..wh.";

    private final ImageArchive archive;
    private final Fd root;
    private final Budget budget;

    Layers(ImageArchive archive, Fd root, Budget budget) {
        this.archive = archive;
        this.root = root;
        this.budget = budget;
    }

    void apply(LayerList.Layer layer) throws IOException {
        try (Tree tree = new Tree(root, Tree.Links.WITHIN, budget)) {
            takeAway(layer, tree);
        }
        try (var unpacker = new TarUnpacker(new Tree(root, Tree.Links.WITHIN, budget), budget, true);
                InputStream blob = archive.open(layer.name())) {
            Tar.forEach(Compression.undo(blob, budget), (entry, content) -> {
                TreePath path = TreePath.of(entry.getName());
                if (!isWhiteout(path)) {
                    unpacker.add(entry, path, content);
                }
                return true;
            });
            unpacker.finish();
        }
    }

    private void takeAway(LayerList.Layer layer, Tree tree) throws IOException {
        MessageDigest blob = Digest.begin();
        MessageDigest content = Digest.begin();
        try (InputStream raw = new DigestInputStream(archive.open(layer.name()), blob);
                InputStream plain = new DigestInputStream(Compression.undo(raw, budget), content)) {
            Tar.forEach(new Unclosed(plain), (entry, _) -> {
                takeAway(entry, tree);
                return true;
            });
            plain.transferTo(OutputStream.nullOutputStream()); // what comes after the end mark counts as well
            raw.transferTo(OutputStream.nullOutputStream());
        }
        if (layer.blob() != null) {
            layer.blob().require(blob, "layer " + quoted(layer.name()));
        }
        layer.content().require(content, "the content of layer " + quoted(layer.name()));
    }

    private static boolean isWhiteout(TreePath path) {
        return !path.isRoot() && path.name().startsWith(WHITEOUT);
    }

    private static void takeAway(TarArchiveEntry entry, Tree tree) {
        TreePath path = TreePath.of(entry.getName());
        if (!isWhiteout(path)) {
            return;
        }
        try (Fd directory = tree.findDirectory(path.parent())) {
            if (directory == null) {
                return; // below what no layer has brought
            }
            if (path.name().equals(OPAQUE)) {
                tree.clear(directory);
            } else if (!path.name().startsWith(AUFS)) {
                tree.remove(directory, hidden(path));
            }
        }
    }

    private static String hidden(TreePath path) {
        String name = path.name().substring(WHITEOUT.length());
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw new RefusedArchiveException(path.shown() + " hides no file");
        }
        return name;
    }
}
