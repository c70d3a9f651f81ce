// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.recording;

import io.berth.gateway.recording.Ending.How;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One terminal's, while it is open. Each event is one write(2) of whole lines: what was shown is with the kernel before its reader
 * sees it, and a killed gateway takes none of it along.
 */
public final class Recording {
    private static final Logger LOG = LoggerFactory.getLogger(Recording.class);

    /** In JSON six times as much at most: a part for the platform always holds a whole line. */
    private static final int MOST_BYTES_AN_EVENT = 8 * 1024;

    private final Facts facts;
    private final RecordingSpool spool;
    private final FileChannel file;
    private final Consumer<String> failed;
    private final long beginNanos = System.nanoTime();
    private final Utf8Text output = new Utf8Text();
    private final Utf8Text input = new Utf8Text();
    private long length;
    private boolean ended;

    /** @param failed is told once why it goes on no more */
    Recording(Facts facts, RecordingSpool spool, FileChannel file, long length, Consumer<String> failed) {
        this.facts = facts;
        this.spool = spool;
        this.file = file;
        this.length = length;
        this.failed = failed;
    }

    Facts facts() {
        return facts;
    }

    /** Bytes of whole lines. */
    synchronized long length() {
        return length;
    }

    synchronized void shown(byte[] bytes, int offset, int count) {
        events('o', output, bytes, offset, count);
    }

    synchronized void typed(byte[] bytes, int offset, int count) {
        events('i', input, bytes, offset, count);
    }

    private void events(char code, Utf8Text text, byte[] bytes, int offset, int count) {
        for (int done = 0; done < count; done += MOST_BYTES_AN_EVENT) {
            event(code, text.of(bytes, offset + done, Math.min(MOST_BYTES_AN_EVENT, count - done)));
        }
    }

    synchronized void resized(int columns, int rows) {
        event('r', columns + "x" + rows);
    }

    private void event(char code, String data) {
        if (ended || data.isEmpty()) {
            return;
        }
        byte[] line = Cast.event(Duration.ofNanos(System.nanoTime() - beginNanos), code, data);
        try {
            spool.take(facts, length, line.length);
            write(line);
        } catch (RecordingFailedException e) {
            fail(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            LOG.error("event=recording-failed recording={}", facts.id(), e);
            fail("the gateway's disk does not take it");
        }
    }

    private void write(byte[] line) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(line);
        while (rest.hasRemaining()) {
            file.write(rest, length + rest.position());
        }
        length += line.length;
    }

    /** From elsewhere: the platform has no room for more. */
    synchronized void fail(String why) {
        if (!ended) {
            close(How.CUT);
            failed.accept(why);
        }
    }

    /** From here on the platform may have it. */
    public void begun() {
        spool.show(this);
    }

    /** The process never came to be. */
    public synchronized void discard() {
        ended = true;
        try {
            file.close();
        } catch (IOException e) {
            LOG.debug("event=recording-not-closed, ignoring", e);
        }
        spool.discard(facts, length);
    }

    /** The session is over. */
    synchronized void end() {
        if (!ended) {
            event('o', output.rest());
            close(How.WHOLE);
        }
    }

    private void close(How how) {
        if (ended) {
            return; // writing the rest failed
        }
        ended = true;
        try (FileChannel closing = file) {
            closing.truncate(length); // half a line, where the disk was full
        } catch (IOException e) {
            LOG.error("event=recording-not-closed recording={}, ignoring", facts.id(), e);
        }
        spool.ended(facts, new Ending(how, Instant.now()), length);
    }
}
