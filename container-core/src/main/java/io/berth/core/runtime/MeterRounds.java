// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.protocol.MeterRound;
import io.berth.core.protocol.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * The newest rounds of readings, a file each, in a directory of root's own. A number is never given twice: a round is on disk before anybody is told of
 * it.
 */
final class MeterRounds {
    private static final Logger LOG = LoggerFactory.getLogger(MeterRounds.class);
    private static final Pattern FILE = Pattern.compile("([0-9]{19})\\.json\\.gz");

    /** Every program reads such a number exactly, those that know doubles only included. */
    private static final long LARGEST = 1L << 53;

    private final Path directory;
    private final int most;
    private final long series;
    private final ConcurrentSkipListSet<Long> numbers = new ConcurrentSkipListSet<>();

    /** What the numbers belong to. */
    record Series(long id) {}

    /** @param most how many are kept */
    MeterRounds(Path directory, int most) {
        this.directory = directory;
        this.most = most;
        try {
            Files.createDirectories(directory);
            this.series = series(directory.resolve("series.json"));
            try (Stream<Path> files = Files.list(directory)) {
                files.map(file -> FILE.matcher(file.getFileName().toString()))
                        .filter(Matcher::matches)
                        .forEach(match -> numbers.add(Long.parseLong(match.group(1))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + directory, e);
        }
    }

    private static long series(Path file) {
        var kept = new StateFile<>(file, Series.class);
        if (Files.notExists(file)) {
            kept.save(new Series(new SecureRandom().nextLong(1, LARGEST)));
        }
        return kept.load(new Series(0)).id();
    }

    long series() {
        return series;
    }

    /** The number of the next round. */
    long next() {
        return numbers.isEmpty() ? 1 : numbers.last() + 1;
    }

    void add(MeterRound round) {
        Path file = file(round.number());
        Path temporary = directory.resolve("new");
        try {
            write(temporary, zipped(round));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel open = FileChannel.open(directory, StandardOpenOption.READ)) {
                open.force(true);
            }
            numbers.add(round.number());
            while (numbers.size() > most) {
                Files.deleteIfExists(file(numbers.first()));
                numbers.pollFirst();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("saving " + file, e);
        }
    }

    private static byte[] zipped(MeterRound round) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(Wire.json().writeValueAsBytes(round));
        }
        return bytes.toByteArray();
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

    /**
     * The first that is kept and has that number or a greater one. What can't be read, such as what an agent of another version wrote in another form, is
     * passed over for good: whoever counts sees that its number is missing, and gets what comes after it.
     */
    Optional<MeterRound> from(long number) {
        for (Long found = numbers.ceiling(number); found != null; found = numbers.higher(found)) {
            try {
                return Optional.of(read(file(found)));
            } catch (JacksonException | UncheckedIOException e) {
                LOG.error("event=meter-round-not-read file={}, passed over", file(found), e);
            }
        }
        return Optional.empty();
    }

    private static MeterRound read(Path file) {
        try (InputStream zip = new GZIPInputStream(Files.newInputStream(file))) {
            return Wire.json().readValue(zip, MeterRound.class);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }

    private Path file(long number) {
        return directory.resolve("%019d.json.gz".formatted(number));
    }

    /** Those that are kept, oldest first. */
    List<Long> numbers() {
        return List.copyOf(numbers);
    }
}
