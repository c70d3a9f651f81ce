// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.recording;

import io.berth.gateway.recording.Ending.How;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Recordings on disk until the platform has them: ID.json says what ID.cast is, and ID.end how it ended. What a killed gateway left
 * without an end is given one by the next. It holds so much and no more: a full disk would end more than recordings.
 */
public final class RecordingSpool implements Recordings {
    private static final Logger LOG = LoggerFactory.getLogger(RecordingSpool.class);
    /** A day of a hundred busy terminals; the platform takes what is written within seconds. */
    public static final long MOST_BYTES = 1L << 30;
    /** What a person reads in a day is a few MiB; a program that fills a terminal is no session to look at. */
    static final long MOST_BYTES_EACH = 256L << 20;

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String FACTS = ".json";
    private static final String CAST = ".cast";
    private static final String END = ".end";
    private static final String REFUSED = ".refused";
    private static final int LOOK_BACK = 64 * 1024; // for the last line's end

    private final Path directory;
    private final long most;
    private final AtomicLong bytes = new AtomicLong();
    private final Map<UUID, Recording> open = new ConcurrentHashMap<>();
    private final Map<UUID, Pending> ended = new ConcurrentSkipListMap<>();
    private volatile Runnable news = () -> {};

    /** @param most bytes that it holds */
    public RecordingSpool(Path directory, long most) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.most = most;
        recover();
    }

    /** @param news is run when a recording has ended */
    void onNews(Runnable news) {
        this.news = news;
    }

    @Override
    public Recording begin(Facts facts, String term, Consumer<String> failed) throws RecordingFailedException {
        byte[] header = Cast.header(facts, term);
        take(facts, 0, header.length);
        try {
            writeNew(path(facts.id(), FACTS), JSON.writeValueAsBytes(facts));
            writeNew(path(facts.id(), CAST), header);
            return new Recording(
                    facts,
                    this,
                    FileChannel.open(path(facts.id(), CAST), StandardOpenOption.WRITE),
                    header.length,
                    failed);
        } catch (IOException e) {
            discard(facts, header.length);
            LOG.error("event=recording-not-begun recording={}", facts.id(), e);
            throw new RecordingFailedException("the gateway's disk does not take it", e);
        }
    }

    void show(Recording recording) {
        open.put(recording.facts().id(), recording);
    }

    void discard(Facts facts, long length) {
        bytes.addAndGet(-length);
        remove(facts.id());
    }

    private static void writeNew(Path file, byte[] content) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        Files.write(file, content);
    }

    /** @throws RecordingFailedException when there is no room for more */
    void take(Facts facts, long length, int more) throws RecordingFailedException {
        if (length + more > MOST_BYTES_EACH) {
            throw new RecordingFailedException(
                    "it has reached " + (MOST_BYTES_EACH >> 20) + " MiB, the most that one holds");
        }
        if (bytes.addAndGet(more) > most) {
            bytes.addAndGet(-more);
            LOG.error("event=recordings-full bytes={} first={}", bytes, facts.id());
            throw new RecordingFailedException("the gateway has no more room for what the platform has not taken yet");
        }
    }

    void ended(Facts facts, Ending ending, long length) {
        try {
            writeNew(path(facts.id(), END), JSON.writeValueAsBytes(ending));
        } catch (IOException e) {
            LOG.error("event=recordings-end-not-kept recording={}, ignoring: the next start writes one", facts.id(), e);
        }
        open.remove(facts.id());
        ended.put(facts.id(), new Pending(facts, length, ending));
        news.run();
    }

    /** The oldest first. */
    List<Pending> pending() {
        return Stream.concat(
                        ended.values().stream(),
                        open.values().stream().map(it -> new Pending(it.facts(), it.length(), null)))
                .sorted((one, other) -> one.facts().id().compareTo(other.facts().id()))
                .toList();
    }

    boolean isEmpty() {
        return ended.isEmpty() && open.isEmpty();
    }

    /** The platform has no room: what it has is all that there will be. */
    void cut(Pending pending, long length) throws IOException {
        UUID id = pending.facts().id();
        Recording recording = open.get(id);
        if (recording != null) {
            recording.fail("this tenant's recordings have filled their limit");
        }
        Pending now = ended.get(id);
        if (now == null || now.ending() == null || now.length() <= length) {
            return;
        }
        try (FileChannel file = FileChannel.open(path(id, CAST), StandardOpenOption.WRITE)) {
            file.truncate(length);
        }
        bytes.addAndGet(length - now.length());
        ended.put(
                id,
                new Pending(
                        now.facts(), length, new Ending(How.CUT, now.ending().at())));
    }

    /** Whole lines from there on. */
    byte[] read(Pending pending, long from, int mostBytes) throws IOException {
        ByteBuffer part = ByteBuffer.allocate((int) Math.min(mostBytes, pending.length() - from));
        try (FileChannel file = FileChannel.open(path(pending.facts().id(), CAST))) {
            for (int count = 0; part.hasRemaining() && count >= 0; ) {
                count = file.read(part, from + part.position());
            }
        }
        int end = lastLine(part.array(), part.position());
        return java.util.Arrays.copyOf(part.array(), end);
    }

    private static int lastLine(byte[] text, int length) {
        int end = length;
        while (end > 0 && text[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    void remove(UUID id) {
        Pending had = ended.remove(id);
        open.remove(id);
        if (had != null) {
            bytes.addAndGet(-had.length());
        }
        for (String suffix : List.of(END, CAST, FACTS)) {
            try {
                Files.deleteIfExists(path(id, suffix));
            } catch (IOException e) {
                LOG.error("event=recording-not-removed file={}{}", id, suffix, e);
            }
        }
    }

    /** The platform will not have it. It stays for the operator, and counts. */
    void setAside(Pending pending) throws IOException {
        UUID id = pending.facts().id();
        ended.remove(id);
        for (String suffix : List.of(END, CAST, FACTS)) {
            if (Files.exists(path(id, suffix))) {
                Files.move(path(id, suffix), path(id, suffix + REFUSED), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private void recover() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.endsWith(FACTS)) {
                    recover(name.substring(0, name.length() - FACTS.length()));
                } else if (name.endsWith(CAST + REFUSED)) {
                    bytes.addAndGet(Files.size(file));
                }
            }
        }
    }

    private void recover(String name) throws IOException {
        Path cast = directory.resolve(name + CAST);
        try {
            Facts facts = JSON.readValue(Files.readAllBytes(directory.resolve(name + FACTS)), Facts.class);
            long length = wholeLines(cast);
            bytes.addAndGet(length);
            Ending ending = ending(facts.id());
            if (ending == null) {
                ending = new Ending(
                        How.INTERRUPTED, Files.getLastModifiedTime(cast).toInstant());
                Files.deleteIfExists(path(facts.id(), END));
                writeNew(path(facts.id(), END), JSON.writeValueAsBytes(ending));
            }
            ended.put(facts.id(), new Pending(facts, length, ending));
        } catch (JacksonException | java.nio.file.NoSuchFileException e) {
            LOG.error("event=recording-unreadable name={}: it was being begun; it is thrown away", name, e);
            for (String suffix : List.of(END, CAST, FACTS)) {
                Files.deleteIfExists(directory.resolve(name + suffix));
            }
        }
    }

    private @Nullable Ending ending(UUID id) throws IOException {
        try {
            return JSON.readValue(Files.readAllBytes(path(id, END)), Ending.class);
        } catch (JacksonException | java.nio.file.NoSuchFileException e) {
            return null;
        }
    }

    /** A process that was killed may have written half a line. */
    private static long wholeLines(Path cast) throws IOException {
        try (var file = new RandomAccessFile(cast.toFile(), "rw")) {
            long length = file.length();
            byte[] tail = new byte[(int) Math.min(LOOK_BACK, length)];
            file.seek(length - tail.length);
            file.readFully(tail);
            long whole = length - tail.length + lastLine(tail, tail.length);
            file.setLength(whole);
            return whole;
        }
    }

    private Path path(UUID id, String suffix) {
        return directory.resolve(id + suffix);
    }
}
