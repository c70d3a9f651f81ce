// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.recording;

import io.berth.core.client.AttachedProcess;
import io.berth.core.protocol.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A process whose terminal is recorded. What is typed is kept only where the terminal echoes it, before and after it was given: then the
 * terminal shows it anyway, and a password at a prompt is in neither.
 *
 * @param input whether what is typed is kept at all
 */
public record RecordedProcess(AttachedProcess process, Recording recording, boolean input) implements AttachedProcess {
    @Override
    public boolean hasPty() {
        return process.hasPty();
    }

    @Override
    public boolean echoes() {
        return process.echoes();
    }

    @Override
    public InputStream stdout() {
        return new Shown(process.stdout());
    }

    @Override
    public OutputStream stdin() {
        return input ? new Typed(process.stdin()) : process.stdin();
    }

    /** What is kept goes past {@link Typed}. */
    @Override
    public int offer(byte[] bytes, int offset, int length) throws IOException {
        return input ? 0 : process.offer(bytes, offset, length);
    }

    @Override
    public InputStream stderr() {
        return process.stderr();
    }

    @Override
    public void resize(int columns, int rows, int widthPixels, int heightPixels) {
        recording.resized(columns, rows);
        process.resize(columns, rows, widthPixels, heightPixels);
    }

    @Override
    public void signal(String name) {
        process.signal(name);
    }

    @Override
    public Reply.Exited waitFor() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.close();
        recording.end();
    }

    private final class Shown extends InputStream {
        private final InputStream from;

        Shown(InputStream from) {
            this.from = from;
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
                recording.shown(into, offset, count);
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            from.close();
        }
    }

    private final class Typed extends OutputStream {
        private final OutputStream to;

        Typed(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            boolean echoed = process.echoes();
            to.write(bytes, offset, length);
            if (echoed && process.echoes()) {
                recording.typed(bytes, offset, length);
            }
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
}
