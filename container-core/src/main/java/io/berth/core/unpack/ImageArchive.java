// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import static io.berth.core.unpack.RefusedArchiveException.quoted;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code docker save} wrote or an OCI layout, as a file of the worker's own, any part of which can be read. */
final class ImageArchive implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int JSON_BYTES = 4 << 20;

    private final TarFile tar;
    private final Map<String, TarArchiveEntry> entries = new HashMap<>();

    ImageArchive(Path file) throws IOException {
        tar = new TarFile(file);
        for (TarArchiveEntry entry : tar.getEntries()) {
            String name = TreePath.of(entry.getName()).toString();
            if (entries.put(name, entry) != null && !entry.isDirectory()) {
                throw new RefusedArchiveException(quoted(name) + " comes twice");
            }
        }
    }

    boolean has(String name) {
        return entries.containsKey(name);
    }

    InputStream open(String name) throws IOException {
        TarArchiveEntry entry = find(name);
        if (entry.isSymbolicLink()) { // older Docker: a layer that two images have is there once
            TreePath from = TreePath.of(name);
            String target = entry.getLinkName().replaceFirst("^(\\.\\./)+", "");
            TarArchiveEntry linked = find(TreePath.of(target).toString());
            if (from.isRoot() || !linked.isFile()) {
                throw new RefusedArchiveException(quoted(name) + " is a link to no file of the archive");
            }
            return tar.getInputStream(linked);
        }
        if (!entry.isFile()) {
            throw new RefusedArchiveException(quoted(name) + " is no file");
        }
        return tar.getInputStream(entry);
    }

    private TarArchiveEntry find(String name) {
        TarArchiveEntry entry = entries.get(TreePath.of(name).toString());
        if (entry == null) {
            throw new RefusedArchiveException("the archive has no " + quoted(name) + ", which it refers to");
        }
        return entry;
    }

    byte[] small(String name) throws IOException {
        try (InputStream in = open(name)) {
            byte[] bytes = in.readNBytes(JSON_BYTES + 1);
            if (bytes.length > JSON_BYTES) {
                throw new RefusedArchiveException(quoted(name) + " is larger than " + (JSON_BYTES >> 20) + " MiB");
            }
            return bytes;
        }
    }

    static JsonNode json(String name, byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (JacksonException e) {
            throw new RefusedArchiveException(quoted(name) + " is no JSON", e);
        }
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
