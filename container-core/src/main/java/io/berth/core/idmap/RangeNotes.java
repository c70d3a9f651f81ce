// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The notes on disk, a file a range, named by its first id, in a directory of root's own. A file is replaced whole or not at all. */
final class RangeNotes {
    private static final Pattern NAME = Pattern.compile("[1-9][0-9]{4,9}");
    private static final String UNFINISHED = ".new";

    private final Path directory;

    RangeNotes(Path directory) {
        try {
            this.directory = Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("making " + directory, e);
        }
    }

    /**
     * Every note; what a crash left of an unfinished one is removed.
     *
     * @param otherwise stands for a note that a power cut made unreadable
     */
    Map<Long, RangeNote> load(RangeNote otherwise) {
        Map<Long, RangeNote> notes = new HashMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (NAME.matcher(name).matches()) {
                    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                    notes.put(Long.parseLong(name), RangeNote.parse(text).orElse(otherwise));
                } else {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("reading the uid ranges in " + directory, e);
        }
        return notes;
    }

    /** For the next agent, not for the next boot, which nothing that used the range outlives. */
    void note(long start, RangeNote note) {
        write(start, note, false);
    }

    /** On disk when this returns. */
    void save(long start, RangeNote note) {
        write(start, note, true);
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException("syncing " + directory, e);
        }
    }

    private void write(long start, RangeNote note, boolean sync) {
        Path unfinished = directory.resolve(start + UNFINISHED);
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(note.text().getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (sync) {
                channel.force(true);
            }
            Files.move(unfinished, directory.resolve(Long.toString(start)), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("noting uid range " + start + " in " + directory, e);
        }
    }
}
