// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

/** A stream that may have so many bytes and no more, whoever reads or skips them. */
final class Bounded extends FilterInputStream {
    private final Supplier<RefusedArchiveException> tooMuch;
    private long left;

    Bounded(InputStream in, long mostBytes, Supplier<RefusedArchiveException> tooMuch) {
        super(in);
        this.tooMuch = tooMuch;
        this.left = mostBytes;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        count(read < 0 ? 0 : 1);
        return read;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = super.read(into, offset, length);
        count(Math.max(read, 0));
        return read;
    }

    @Override
    public long skip(long wanted) throws IOException {
        long skipped = super.skip(wanted);
        count(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(long bytes) {
        left -= bytes;
        if (left < 0) {
            throw tooMuch.get();
        }
    }
}
