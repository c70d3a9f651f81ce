// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Input that ends when a line of it grows beyond all bounds: whoever reads lines keeps each in memory. */
final class BoundedLines extends FilterInputStream {
    private final int mostBytes;
    private int bytes;

    BoundedLines(InputStream in, int mostBytes) {
        super(in);
        this.mostBytes = mostBytes;
    }

    @Override
    public int read() throws IOException {
        int next = super.read();
        bytes = next == '\r' || next == '\n' ? 0 : bytes + 1;
        return bytes > mostBytes ? -1 : next;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
        if (bytes > mostBytes) {
            return -1;
        }
        int read = super.read(buffer, offset, count);
        for (int i = 0; i < read; i++) {
            byte next = buffer[offset + i];
            bytes = next == '\r' || next == '\n' ? 0 : bytes + 1;
        }
        return read;
    }
}
