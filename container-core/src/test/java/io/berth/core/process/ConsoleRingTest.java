// SPDX-License-Identifier: Apache-2.0
package io.berth.core.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleRingTest {
    @TempDir
    private Path directory;

    @Test
    void emptyRingHasNoText() throws IOException {
        Path ring = Files.write(directory.resolve("ring"), ConsoleRing.emptyHeader());
        assertThat(ConsoleRing.read(ring, 100)).isEmpty();
    }

    @Test
    void firstLapIsReadToItsPosition() throws IOException {
        Path ring = ring(ConsoleRing.START + 5, ConsoleRing.START, "hello, stale");
        assertThat(ConsoleRing.read(ring, 100)).asString(US_ASCII).isEqualTo("hello");
        assertThat(ConsoleRing.read(ring, 2)).asString(US_ASCII).isEqualTo("lo");
    }

    @Test
    void laterLapIsReadOldestFirst() throws IOException {
        Path ring = ring(ConsoleRing.START + 3, ConsoleRing.START + 6, "newoldstale");
        assertThat(ConsoleRing.read(ring, 100)).asString(US_ASCII).isEqualTo("oldnew");
    }

    @Test
    void headerThatMakesNoSenseIsBounded() throws IOException {
        Path ring = ring(-1, Long.MAX_VALUE, "x");
        assertThat(ConsoleRing.read(ring, 10)).hasSize(10);
    }

    private Path ring(long position, long lapEnd, String text) throws IOException {
        ByteBuffer file = ByteBuffer.allocate(ConsoleRing.START + text.length()).order(ByteOrder.nativeOrder());
        file.putLong(0, position).putLong(8, lapEnd).put(ConsoleRing.START, text.getBytes(US_ASCII));
        return Files.write(directory.resolve("ring"), file.array());
    }
}
