// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.testing;

import io.berth.core.client.AgentException;
import io.berth.core.client.AttachedProcess;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.PtyRequest;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A terminal whose program writes back what it reads. "exit N" on a line of its own ends it, "flood" makes it write without end. */
public final class EchoTerminal implements AttachedProcess {
    private final AttachRequest request;
    private final PipedInputStream output = new PipedInputStream(64 * 1024);
    private final PipedOutputStream program;
    private final CompletableFuture<Reply.Exited> exit = new CompletableFuture<>();
    private final StringBuilder line = new StringBuilder();

    EchoTerminal(AttachRequest request) {
        this.request = request;
        try {
            program = new PipedOutputStream(output);
            PtyRequest pty = request.pty();
            print(request.user() + "$ " + (pty == null ? "" : pty.columns() + "x" + pty.rows()) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public AttachRequest request() {
        return request;
    }

    public boolean isClosed() {
        return exit.isDone();
    }

    /** The program writes. */
    public void print(String text) throws IOException {
        program.write(text.getBytes(StandardCharsets.UTF_8));
        program.flush();
    }

    @Override
    public boolean hasPty() {
        return true;
    }

    @Override
    public OutputStream stdin() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
                print(text);
                line.append(text);
                if (line.indexOf("\n") >= 0) {
                    obey(line.toString().strip());
                    line.setLength(0);
                }
            }
        };
    }

    private void obey(String command) throws IOException {
        if (command.startsWith("exit ")) {
            program.close();
            exit.complete(new Reply.Exited(Integer.valueOf(command.substring(5)), null));
        } else if (command.equals("flood")) {
            Thread.ofVirtual().start(this::flood);
        }
    }

    private void flood() {
        try {
            while (true) {
                print("y".repeat(1023) + "\n");
            }
        } catch (IOException e) {
            // closed
        }
    }

    @Override
    public InputStream stdout() {
        return output;
    }

    @Override
    public InputStream stderr() {
        return InputStream.nullInputStream();
    }

    @Override
    public void resize(int columns, int rows, int widthPixels, int heightPixels) {
        try {
            print("now " + columns + "x" + rows + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void signal(String name) {}

    @Override
    public Reply.Exited waitFor() throws InterruptedException {
        try {
            return exit.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (CancellationException e) {
            throw new AgentException(Refusal.FAILED, "the session was closed before its process ended", e);
        }
    }

    @Override
    public void close() {
        exit.cancel(false);
        try {
            output.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
