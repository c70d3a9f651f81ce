// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.recording;

import io.berth.core.client.AttachedProcess;
import io.berth.core.protocol.Reply;
import io.berth.gateway.stream.PassingInput;
import io.berth.gateway.stream.PassingOutput;
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
        return new PassingInput(process.stdout(), recording::shown);
    }

    @Override
    public OutputStream stdin() {
        return input ? new PassingOutput(process.stdin(), this::typed) : process.stdin();
    }

    /** What is kept goes past {@link #typed}. */
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

    private void typed(OutputStream to, byte[] bytes, int offset, int length) throws IOException {
        boolean echoed = process.echoes();
        to.write(bytes, offset, length);
        if (echoed && process.echoes()) {
            recording.typed(bytes, offset, length);
        }
    }
}
