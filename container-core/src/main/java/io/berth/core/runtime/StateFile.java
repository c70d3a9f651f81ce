// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.protocol.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import tools.jackson.core.JacksonException;

/**
 * A record on disk, in a directory of root's own, as JSON that a person can read. Replaced whole or not at all, and on disk when
 * saved.
 */
final class StateFile<T extends Record> {
    private final Path file;
    private final Class<T> type;

    StateFile(Path file, Class<T> type) {
        this.file = file;
        this.type = type;
    }

    /** @param otherwise where there is none yet */
    T load(T otherwise) {
        try {
            return Wire.json().readValue(Files.readAllBytes(file), type);
        } catch (NoSuchFileException e) {
            return otherwise;
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        } catch (JacksonException e) {
            throw new IllegalStateException(
                    file + " can't be read (" + e.getOriginalMessage() + "); restore it from a backup or move it away",
                    e);
        }
    }

    void save(T content) {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try {
            write(temporary, Wire.json().writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("saving " + file, e);
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
}
