// SPDX-License-Identifier: Apache-2.0
package io.berth.core.client;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FdInputStream;
import io.berth.core.linux.FdOutputStream;
import io.berth.core.linux.SocketCalls;
import io.berth.core.linux.SocketConstant;
import io.berth.core.linux.SyscallException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A socket by its descriptor. */
final class FdSocket implements ContainerSocket {
    private static final Logger LOG = LoggerFactory.getLogger(FdSocket.class);

    private final Fd socket;
    private final Peer peer;
    private final FdInputStream input;
    private final FdOutputStream bytes;
    private final OutputStream output;

    /** Takes the socket over. */
    FdSocket(Fd socket, Peer peer) {
        this.socket = socket;
        this.peer = peer;
        this.input = new FdInputStream(socket.dup());
        this.bytes = new FdOutputStream(socket.dup());
        this.output = new Output(bytes);
    }

    private final class Output extends FilterOutputStream {
        Output(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] part, int offset, int length) throws IOException {
            out.write(part, offset, length);
        }

        @Override
        public void close() {
            shutdown(SocketConstant.SHUT_WR);
        }
    }

    private synchronized void shutdown(SocketConstant how) {
        try {
            if (socket.isOpen()) {
                SocketCalls.shutdown(socket, how);
            }
        } catch (SyscallException e) {
            LOG.debug("event=gone-before-shutdown error={}, ignoring", e.getMessage());
        }
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public void close() {
        shutdown(SocketConstant.SHUT_RDWR);
        input.close();
        bytes.close();
        synchronized (this) {
            socket.close();
        }
    }
}
