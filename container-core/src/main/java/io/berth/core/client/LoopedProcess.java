// SPDX-License-Identifier: Apache-2.0
package io.berth.core.client;

import io.berth.core.linux.FdInputStream;
import io.berth.core.linux.FdOutputStream;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Pipe;
import io.berth.core.protocol.Reply;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;

/** What cat(1) would do, by the kernel's pipe as a process has it, without a process; it ends well with its input. */
public final class LoopedProcess implements AttachedProcess {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final FdOutputStream pipe;
    private final OutputStream stdin;
    private final FdInputStream stdout;

    public LoopedProcess() {
        Pipe ends = FileCalls.pipe2();
        pipe = new FdOutputStream(ends.writeEnd());
        stdin = new Ending(pipe);
        stdout = new FdInputStream(ends.readEnd());
    }

    private final class Ending extends FilterOutputStream {
        Ending(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            super.close();
            ended.countDown();
        }
    }

    @Override
    public boolean hasPty() {
        return false;
    }

    @Override
    public OutputStream stdin() {
        return stdin;
    }

    @Override
    public int offer(byte[] bytes, int offset, int length) throws IOException {
        return pipe.offer(bytes, offset, length);
    }

    @Override
    public InputStream stdout() {
        return stdout;
    }

    @Override
    public InputStream stderr() {
        return InputStream.nullInputStream();
    }

    @Override
    public void resize(int columns, int rows, int widthPixels, int heightPixels) {}

    @Override
    public void signal(String name) {}

    @Override
    public Reply.Exited waitFor() throws InterruptedException {
        ended.await();
        return new Reply.Exited(0, null);
    }

    @Override
    public void close() {
        pipe.close();
        stdout.close();
        ended.countDown();
    }
}
