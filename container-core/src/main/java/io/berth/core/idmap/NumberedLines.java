// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A table of the host's, a line an entry, that knows where each entry stands. */
final class NumberedLines {
    private NumberedLines() {}

    /** Makes an entry of a line, or none. */
    interface Reader {
        Optional<ForeignIds> read(String line, int number);
    }

    /** Empty when there is no such file. Names in it may have any bytes, so it is read as what can't be malformed. */
    static List<ForeignIds> of(Path file, Reader reader) {
        List<ForeignIds> entries = new ArrayList<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            reader.read(line, number).ifPresent(entries::add);
        }
        return entries;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }
}
