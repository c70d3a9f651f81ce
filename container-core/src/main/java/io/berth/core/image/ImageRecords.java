// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import io.berth.core.spec.ImageAlias;
import io.berth.core.spec.ImageId;
import io.berth.core.spec.ImageOrigin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What is known of each image, a JSON file each, and the table of aliases. A file is replaced whole or not at all. */
final class ImageRecords {
    /** What is stored of an image; which one an alias stands for is the table's to say. */
    record Stored(
            ImageId id,
            ImageAlias alias,
            String architecture,
            long sizeBytes,
            Instant builtAt,
            InitSystem init,
            @Nullable ImageOrigin origin) {}

    private static final String PREFIX = "image-";
    private static final String SUFFIX = ".json";
    private static final String UNFINISHED = ".new";

    private final JsonMapper json = JsonMapper.builder().build();
    private final Path directory;

    ImageRecords(Path directory) {
        this.directory = directory;
    }

    /** Every record; what a crash left of an unfinished save is removed. */
    List<Stored> load() {
        List<Stored> records = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.endsWith(UNFINISHED)) {
                    Files.delete(file);
                } else if (name.startsWith(PREFIX)) {
                    records.add(read(file, new TypeReference<>() {}));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("reading the images' records in " + directory, e);
        }
        return records;
    }

    void save(Stored record) {
        replace(file(record.id()), record);
    }

    void remove(ImageId id) {
        try {
            Files.deleteIfExists(file(id));
            syncDirectory();
        } catch (IOException e) {
            throw new UncheckedIOException("removing " + file(id), e);
        }
    }

    Map<String, ImageId> loadAliases() {
        return Files.exists(aliases()) ? read(aliases(), new TypeReference<TreeMap<String, ImageId>>() {}) : Map.of();
    }

    void saveAliases(Map<String, ImageId> table) {
        replace(aliases(), table);
    }

    private Path aliases() {
        return directory.resolve("aliases" + SUFFIX);
    }

    private Path file(ImageId id) {
        return directory.resolve(PREFIX + id.value().substring(id.value().indexOf(':') + 1) + SUFFIX);
    }

    private <T> T read(Path file, TypeReference<T> type) {
        try {
            return json.readValue(Files.readAllBytes(file), type);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        } catch (JacksonException e) {
            throw new IllegalStateException(
                    file + " is damaged (" + e.getOriginalMessage() + "); delete it and build the image anew", e);
        }
    }

    private void replace(Path file, Object content) {
        Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
        try {
            write(unfinished, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            syncDirectory();
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + file, e);
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private void syncDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
