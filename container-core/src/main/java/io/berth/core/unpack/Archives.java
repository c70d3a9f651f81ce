// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.jspecify.annotations.Nullable;

/** Tar archives with one root file system in them. */
final class Archives {
    private static final String METADATA = "metadata.yaml";
    private static final int METADATA_BYTES = 1 << 20;

    private Archives() {}

    /** Reads no further than it has to. */
    static Form form(Source source, Budget budget) throws IOException {
        var found = new AtomicReference<>(Form.OPEN);
        Tar.forEach(source.plain(budget), (entry, content) -> {
            found.set(Form.of(TreePath.of(entry.getName())));
            return found.get() == Form.OPEN;
        });
        return found.get();
    }

    static void plain(Source source, Tree tree, Budget budget) throws IOException {
        try (var unpacker = new TarUnpacker(tree, budget, false)) {
            Tar.forEach(source.plain(budget), (entry, content) -> {
                unpacker.add(entry, TreePath.of(entry.getName()), content);
                return true;
            });
            unpacker.finish();
        }
    }

    static void unified(Source source, Tree tree, Budget budget) throws IOException {
        var metadata = new AtomicReference<@Nullable String>();
        try (var unpacker = new TarUnpacker(tree, budget, false)) {
            Tar.forEach(source.plain(budget), (entry, content) -> {
                TreePath path = TreePath.of(entry.getName());
                if (isMetadata(path)) {
                    metadata.set(text(entry, content));
                } else if (!path.isRoot() && path.names().getFirst().equals("rootfs")) {
                    TreePath inner =
                            new TreePath(path.names().subList(1, path.names().size()));
                    unpacker.add(entry, inner, rooted(entry, content));
                }
                return true;
            });
            unpacker.finish();
        }
        require(metadata.get());
    }

    /** A hard link's target is named from the archive's top, as its other entries are. */
    private static InputStream rooted(TarArchiveEntry entry, InputStream content) {
        if (entry.isLink()) {
            TreePath target = TreePath.of(entry.getLinkName());
            if (target.names().size() < 2 || !target.names().getFirst().equals("rootfs")) {
                throw new RefusedArchiveException(RefusedArchiveException.quoted(entry.getName())
                        + " is a hard link to what is not below rootfs");
            }
            entry.setLinkName(
                    String.join("/", target.names().subList(1, target.names().size())));
        }
        return content;
    }

    /** The first half of a split image. */
    static void requireMetadata(Source source, Budget budget) throws IOException {
        var metadata = new AtomicReference<@Nullable String>();
        Tar.forEach(source.plain(budget), (entry, content) -> {
            if (isMetadata(TreePath.of(entry.getName()))) {
                metadata.set(text(entry, content));
            }
            return metadata.get() == null;
        });
        require(metadata.get());
    }

    private static void require(@Nullable String metadata) {
        if (metadata == null) {
            throw new RefusedArchiveException("the archive has no metadata.yaml");
        }
        Machine.requireMetadata(metadata);
    }

    private static boolean isMetadata(TreePath path) {
        return path.names().size() == 1 && path.name().equals(METADATA);
    }

    private static String text(TarArchiveEntry entry, InputStream content) throws IOException {
        if (!entry.isFile() || entry.getRealSize() > METADATA_BYTES) {
            throw new RefusedArchiveException("metadata.yaml is no file of a size that one reads");
        }
        var bytes = new ByteArrayOutputStream();
        new Bounded(content, METADATA_BYTES, () -> new RefusedArchiveException("metadata.yaml is too large"))
                .transferTo(bytes);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
