// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.terminal;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The newest output of a terminal. Whoever writes waits for a viewer that is behind by all of it, so that nothing is lost to a slow browser and
 * no memory grows for it; without a viewer the oldest goes.
 */
final class Scrollback {
    /** Some thousands of lines. */
    static final int MOST_BYTES = 256 * 1024;

    private static final int PART_BYTES = 16 * 1024;

    /** No line of a person's is longer; without an end in there, the beginning is as good a place as any. */
    private static final int MOST_LINE_BYTES = 4096;

    private final byte[] ring = new byte[MOST_BYTES];
    private long end;
    private boolean ended;
    private @Nullable View view;

    /** One who reads; there is one at a time, and a new one ends the old one's. */
    static final class View {
        private long position;

        private View(long position) {
            this.position = position;
        }
    }

    /** What there is to read. */
    sealed interface Part {
        @SuppressWarnings("ArrayRecordComponent") // made for the reader
        record Bytes(byte[] bytes) implements Part {}

        /** Nothing came in that time. */
        record Silence() implements Part {}

        /** All of it was read, and nothing more will come. */
        record End() implements Part {}

        /** Somebody else reads now, or nobody may. */
        record TakenAway() implements Part {}
    }

    /** Waits for a viewer who is too far behind. */
    synchronized void append(byte[] bytes, int length) throws InterruptedException {
        while (view != null && end + length - view.position > MOST_BYTES) {
            wait();
        }
        for (int done = 0; done < length; ) {
            int at = (int) ((end + done) % MOST_BYTES);
            int part = Math.min(length - done, MOST_BYTES - at);
            System.arraycopy(bytes, done, ring, at, part);
            done += part;
        }
        end += length;
        notifyAll();
    }

    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Reads from the oldest whole line that is kept. */
    synchronized View view() {
        View fresh = new View(firstLine());
        view = fresh;
        notifyAll();
        return fresh;
    }

    /** Ends the view, unless another has done so. */
    synchronized void leave(View left) {
        if (view == left) {
            view = null;
            notifyAll();
        }
    }

    synchronized boolean isViewed() {
        return view != null;
    }

    /** How much there is now; a view that has read as much has seen all that was kept. */
    synchronized long written() {
        return end;
    }

    synchronized boolean hasRead(View reader, long position) {
        return reader.position >= position;
    }

    synchronized Part take(View reader, Duration patience) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        while (view == reader && reader.position == end && !ended) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                return new Part.Silence();
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        if (view != reader) {
            return new Part.TakenAway();
        }
        return reader.position == end ? new Part.End() : next(reader);
    }

    private Part next(View reader) {
        int at = (int) (reader.position % MOST_BYTES);
        int length = (int) Math.min(Math.min(end - reader.position, PART_BYTES), MOST_BYTES - at);
        reader.position += length;
        notifyAll();
        return new Part.Bytes(Arrays.copyOfRange(ring, at, at + length));
    }

    /** What is in the middle of a line may be in the middle of a character, or of what moves the cursor. */
    private long firstLine() {
        if (end <= MOST_BYTES) {
            return 0;
        }
        long first = end - MOST_BYTES;
        for (long position = first; position < first + MOST_LINE_BYTES; position++) {
            if (ring[(int) (position % MOST_BYTES)] == '\n') {
                return position + 1;
            }
        }
        return first;
    }
}
