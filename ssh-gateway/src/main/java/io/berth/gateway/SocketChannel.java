// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.ContainerSocket;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.apache.sshd.common.channel.RequestHandler.Result;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.AbstractServerChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel that is one socket of the container's: a thread for each direction. EOF travels each way on its own; the channel closes
 * when both have come.
 */
abstract class SocketChannel extends AbstractServerChannel implements ChannelInput {
    private static final Logger LOG = LoggerFactory.getLogger(SocketChannel.class);

    private final Executor threads;
    private final PendingInput input = new PendingInput();
    private final HeldInput held = new HeldInput(this);
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final ClientOutput output = new ClientOutput(this, sent::add);
    private @Nullable ForwardNote note;
    private @Nullable ContainerSocket socket;
    private @Nullable InputPump pump;
    private boolean gone;

    /** @param threads platform threads: reading an fd blocks its thread natively */
    SocketChannel(Executor threads) {
        super(null);
        this.threads = threads;
    }

    /** @return false when the channel has gone before; then the socket is closed */
    final boolean adopt(ContainerSocket connected) {
        synchronized (this) {
            if (!gone) {
                socket = connected;
                return true;
            }
        }
        connected.close();
        return false;
    }

    /** Who is told of the channel's end. */
    final synchronized void tellAtEnd(ForwardNote told) {
        note = told;
    }

    /** Once both ends know that the channel is open. */
    final void carry(ContainerSocket connected) {
        var in = new InputPump(input, connected.output(), this);
        var out = new OutputPump(connected.input(), output, ClientOutput.Stream.STDOUT);
        synchronized (this) {
            pump = in;
        }
        threads.execute(in);
        threads.execute(out);
        var sent = out.end().thenRun(this::endOutput);
        var _ = CompletableFuture.allOf(in.end(), sent).thenRun(() -> close(false));
    }

    private void endOutput() {
        try {
            sendEof();
        } catch (IOException e) {
            LOG.debug("event=gone-at-the-end", e);
        }
    }

    @Override
    protected @Nullable Result handleInternalRequest(String type, boolean wantReply, Buffer buffer) {
        return Result.ReplyFailure; // such channels have none: RFC 4254, section 7.2
    }

    @Override
    protected final void doWriteData(byte[] data, int offset, long length) throws IOException {
        received.add(length);
        held.received((int) length);
        int gone = input.append(data, offset, (int) length);
        if (gone > 0) {
            releaseWindow(gone);
        }
    }

    @Override
    protected final void doWriteExtendedData(byte[] data, int offset, long length) throws IOException {
        held.received((int) length);
        releaseWindow((int) length);
    }

    @Override
    public final void handleEof() throws IOException {
        super.handleEof();
        input.end();
    }

    /** What the client sent before its close is still delivered, as sshd does; what the socket has for the client is not wanted. */
    @Override
    public final void handleClose() throws IOException {
        InputPump draining;
        synchronized (this) {
            draining = gone ? null : pump;
        }
        input.end();
        if (draining == null) {
            super.handleClose();
        } else {
            var _ = draining.end().thenRun(this::answerClose);
        }
    }

    private void answerClose() {
        try {
            super.handleClose();
        } catch (IOException e) {
            LOG.debug("event=gone-at-the-end", e);
        }
    }

    @Override
    public final void releaseWindow(int bytes) throws IOException {
        held.taken(bytes);
        if (!isClosing()) {
            getLocalWindow().release(bytes);
        }
    }

    /** The far end reads no longer; the client learns it by the close, as it does from sshd. */
    @Override
    public final void endInput() {}

    /** However the channel ends. */
    @Override
    protected final void preClose() {
        held.close();
        input.discard();
        ContainerSocket left;
        ForwardNote told;
        synchronized (this) {
            gone = true;
            left = socket;
            socket = null;
            told = note;
            note = null;
        }
        if (told != null) {
            told.ended(received.sum(), sent.sum());
        }
        if (left != null) {
            threads.execute(left::close); // it may wait for a pump's system call
        }
        super.preClose();
    }
}
