// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.protocol.Wire;
import io.berth.core.spec.VolumeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;

/** The records of volumes on disk, in a directory of root's own: each is replaced whole or not at all, and on disk when saved. */
final class VolumeRecords {
    private static final String SUFFIX = ".json";

    private final Path directory;

    VolumeRecords(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    /** Every record; what a crash left of an unfinished save is removed. */
    List<VolumeRecord> load() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> all = files.toList();
            for (Path unfinished : all.stream()
                    .filter(file -> !file.toString().endsWith(SUFFIX))
                    .toList()) {
                Files.delete(unfinished);
            }
            return all.stream()
                    .filter(file -> file.toString().endsWith(SUFFIX))
                    .map(VolumeRecords::read)
                    .toList();
        }
    }

    private static VolumeRecord read(Path file) {
        try {
            return Wire.json().readValue(Files.readAllBytes(file), VolumeRecord.class);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        } catch (JacksonException e) {
            throw new IllegalStateException(
                    file + " is no record of a volume (" + e.getOriginalMessage()
                            + "); restore it from a backup or move it away",
                    e);
        }
    }

    void save(VolumeRecord record) {
        new StateFile<>(file(record.id()), VolumeRecord.class).save(record);
    }

    void remove(VolumeId id) {
        try (FileChannel synced = FileChannel.open(directory, StandardOpenOption.READ)) {
            Files.deleteIfExists(file(id));
            synced.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException("removing the record of volume " + id + " in " + directory, e);
        }
    }

    private Path file(VolumeId id) {
        return directory.resolve(id + SUFFIX);
    }
}
