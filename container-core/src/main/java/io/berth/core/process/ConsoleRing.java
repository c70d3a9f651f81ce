// SPDX-License-Identifier: Apache-2.0
package io.berth.core.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A container's console log: a file of bounded size that its monitor writes and this class reads.
 *
 * <pre>
 * offset 0   u64 position  where the next chunk goes, {@link #START} to {@link #END}
 * offset 8   u64 lapEnd    where the previous lap ended; {@link #START} when there was none
 * START..END the bytes
 * </pre>
 *
 * A chunk is never split: one that would pass {@link #END} begins a new lap.
 */
public final class ConsoleRing {
    /** Offset of the first byte of text. */
    public static final int START = 4096;

    /** Most bytes that are written at once. */
    public static final int CHUNK = 4096;

    /** A lap ends once the position is beyond this. */
    public static final int LAST_CHUNK = START + 256 * 1024 - CHUNK;

    /** The file never grows beyond this. */
    public static final int END = LAST_CHUNK + CHUNK;

    private ConsoleRing() {}

    /** The header of an empty ring. */
    public static byte[] emptyHeader() {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putLong(START)
                .putLong(START)
                .array();
    }

    /** The newest bytes of the console, oldest first, at most {@code maxBytes}. */
    public static byte[] read(Path file, int maxBytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer header = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
            fill(channel, header, 0);
            int position = bounded(header.getLong(0));
            int lapEnd = Math.max(position, bounded(header.getLong(8)));
            ByteBuffer text = ByteBuffer.allocate(lapEnd - START);
            fill(channel, text.slice(0, lapEnd - position), position);
            fill(channel, text.slice(lapEnd - position, position - START), START);
            int length = Math.min(maxBytes, text.capacity());
            byte[] newest = new byte[length];
            text.get(text.capacity() - length, newest);
            return newest;
        }
    }

    private static int bounded(long offset) {
        return Math.clamp(offset, START, END);
    }

    private static void fill(FileChannel channel, ByteBuffer buffer, long offset) throws IOException {
        while (buffer.hasRemaining()) {
            int n = channel.read(buffer, offset);
            if (n < 0) {
                return;
            }
            offset += n;
        }
    }
}
