// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Lines on disk until somebody has taken them, in files of a size that the platform takes at once. It holds so much; then the oldest
 * go, since a full disk would end more than the audit.
 */
final class Spool {
    /** The platform takes 256 KiB a request, and JSON around the lines takes some. */
    static final int MOST_BYTES_A_PART = 192 * 1024;

    private static final int MOST_LINES_A_PART = 200;
    private static final String SUFFIX = ".jsonl";

    private final Path directory;
    private final int mostParts;
    private long number;
    private long bytes;
    private int lines;
    private long lost;

    /** @param mostParts how many files are kept at most */
    Spool(Path directory, int mostParts) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.mostParts = mostParts;
        List<Path> parts = parts();
        number = parts.isEmpty() ? 0 : number(parts.getLast()) + 1;
    }

    /** @param line without its end */
    synchronized void append(String line) throws IOException {
        byte[] text = (line + "\n").getBytes(StandardCharsets.UTF_8);
        if (lines > 0 && (bytes + text.length > MOST_BYTES_A_PART || lines == MOST_LINES_A_PART)) {
            next();
        }
        Files.write(part(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        bytes += text.length;
        lines++;
    }

    private void next() throws IOException {
        number++;
        bytes = 0;
        lines = 0;
        List<Path> parts = parts();
        for (Path part : parts.subList(0, Math.max(0, parts.size() - mostParts + 1))) {
            try (Stream<String> all = Files.lines(part)) {
                lost += all.count();
            }
            Files.delete(part);
        }
    }

    /** The oldest part, which grows no more. */
    synchronized Optional<Path> oldest() throws IOException {
        List<Path> parts = parts();
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        if (parts.getFirst().equals(part())) {
            next();
        }
        return Optional.of(parts.getFirst());
    }

    synchronized void delete(Path part) throws IOException {
        Files.deleteIfExists(part);
    }

    /** How many lines went undelivered since this was last asked. */
    synchronized long takeLost() {
        long count = lost;
        lost = 0;
        return count;
    }

    private Path part() {
        return directory.resolve(String.format(Locale.ROOT, "%016d", number) + SUFFIX);
    }

    private static long number(Path part) {
        String name = part.getFileName().toString();
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    private List<Path> parts() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(path -> path.getFileName().toString().matches("[0-9]{16}\\.jsonl"))
                    .sorted()
                    .toList();
        }
    }
}
