// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.stream;

import java.io.IOException;
import java.io.InputStream;

/** What comes is looked at before its reader has it. */
public final class PassingInput extends InputStream {
    private final InputStream from;
    private final Look look;

    public PassingInput(InputStream from, Look look) {
        this.from = from;
        this.look = look;
    }

    /** Sees what passes; the bytes are the reader's own. */
    @FunctionalInterface
    public interface Look {
        void at(byte[] bytes, int offset, int count);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = from.read(into, offset, length);
        if (count > 0) {
            look.at(into, offset, count);
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        from.close();
    }
}
