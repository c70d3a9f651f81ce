// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.stream;

import java.io.IOException;
import java.io.OutputStream;

/** What is written goes through the hands of somebody who hands it on. */
public final class PassingOutput extends OutputStream {
    private final OutputStream to;
    private final Hands hands;

    public PassingOutput(OutputStream to, Hands hands) {
        this.to = to;
        this.hands = hands;
    }

    /** Writes it, and looks at it before, after, or both. */
    @FunctionalInterface
    public interface Hands {
        void handOn(OutputStream to, byte[] bytes, int offset, int length) throws IOException;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        hands.handOn(to, bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        to.flush();
    }

    @Override
    public void close() throws IOException {
        to.close();
    }
}
