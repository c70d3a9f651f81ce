// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** What a decompressor makes of a stream, to its very end: one that stops early or in error is damage and no end. */
final class Decompressed extends FilterInputStream {
    private final Process process;
    private final InputStream compressed;
    private final String program;

    Decompressed(List<String> command, InputStream compressed) throws IOException {
        this(start(command), compressed, command.getFirst());
    }

    private Decompressed(Process process, InputStream compressed, String program) {
        super(process.getInputStream());
        this.process = process;
        this.compressed = compressed;
        this.program = program;
        Thread.ofPlatform().daemon().name("feed-" + program).start(this::feed);
    }

    private static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** What can't be fed shows in the exit status: the decompressor ends too early, or with what it did not like. */
    private void feed() {
        try (OutputStream in = process.getOutputStream()) {
            compressed.transferTo(in);
        } catch (IOException e) {
            // the reader has what it wanted and closed
        }
    }

    @Override
    public int read() throws IOException {
        return ended(super.read());
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return ended(super.read(into, offset, length));
    }

    private int ended(int read) throws IOException {
        if (read < 0 && status() != 0) {
            throw new RefusedArchiveException("the archive is damaged: " + program + " can't read it to its end");
        }
        return read;
    }

    private int status() throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        super.close();
        compressed.close();
    }
}
