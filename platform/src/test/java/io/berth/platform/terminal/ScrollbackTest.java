// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ScrollbackTest {
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration LONG = Duration.ofSeconds(10);

    private final Scrollback scrollback = new Scrollback();

    private void write(String text) throws InterruptedException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        scrollback.append(bytes, bytes.length);
    }

    private String read(Scrollback.View view) throws InterruptedException {
        var all = new ByteArrayOutputStream();
        while (scrollback.take(view, AT_ONCE) instanceof Scrollback.Part.Bytes(byte[] bytes)) {
            all.writeBytes(bytes);
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    @Test
    void whoComesLaterReadsWhatWasKeptAndThenWhatComes() throws Exception {
        write("first\n");
        Scrollback.View view = scrollback.view();
        assertThat(scrollback.hasRead(view, scrollback.written())).isFalse();
        assertThat(read(view)).isEqualTo("first\n");
        assertThat(scrollback.hasRead(view, scrollback.written())).isTrue();
        write("second");
        assertThat(read(view)).isEqualTo("second");
        assertThat(read(scrollback.view())).isEqualTo("first\nsecond");
    }

    @Test
    void withoutAViewerTheOldestGoesByWholeLines() throws Exception {
        String line = "ä".repeat(49) + "\n";
        int lines = 10_000;
        for (int i = 0; i < lines; i++) {
            write(line);
        }
        String kept = read(scrollback.view());
        assertThat(kept.getBytes(StandardCharsets.UTF_8).length)
                .isBetween(Scrollback.MOST_BYTES - 2 * line.length(), Scrollback.MOST_BYTES);
        assertThat(kept).startsWith(line).endsWith(line).doesNotContain("\uFFFD");
    }

    @Test
    void whoWritesWaitsForASlowViewerAndLosesNothing() throws Exception {
        Scrollback.View view = scrollback.view();
        int parts = 200;
        var written = new AtomicLong();
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; i < parts; i++) {
                    write("x".repeat(10_000));
                    written.incrementAndGet();
                }
                scrollback.end();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        long read = 0;
        boolean isOver = false;
        while (!isOver) {
            switch (scrollback.take(view, LONG)) {
                case Scrollback.Part.Bytes(byte[] bytes) -> read += bytes.length;
                case Scrollback.Part.End() -> isOver = true;
                case Scrollback.Part.Silence(), Scrollback.Part.TakenAway() ->
                    throw new AssertionError("after " + read);
            }
            assertThat(written.get() * 10_000 - read).isLessThanOrEqualTo(Scrollback.MOST_BYTES);
        }
        writer.join();
        assertThat(read).isEqualTo(10_000L * parts);
    }

    @Test
    void aViewerWhoGoesHoldsNobodyUp() throws Exception {
        Scrollback.View view = scrollback.view();
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; i < 100; i++) {
                    write("x".repeat(10_000));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(scrollback.take(view, LONG)).isInstanceOf(Scrollback.Part.Bytes.class);
        scrollback.leave(view);
        writer.join();
        assertThat(scrollback.isViewed()).isFalse();
        assertThat(scrollback.take(view, LONG)).isEqualTo(new Scrollback.Part.TakenAway());
    }

    @Test
    void aNewViewerEndsTheOldOnesView() throws Exception {
        Scrollback.View old = scrollback.view();
        Scrollback.View fresh = scrollback.view();
        assertThat(scrollback.take(old, LONG)).isEqualTo(new Scrollback.Part.TakenAway());
        scrollback.leave(old);
        assertThat(scrollback.isViewed()).isTrue();
        assertThat(scrollback.take(fresh, AT_ONCE)).isEqualTo(new Scrollback.Part.Silence());
    }
}
