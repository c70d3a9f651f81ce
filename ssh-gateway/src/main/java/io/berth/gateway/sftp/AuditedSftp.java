// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.sftp;

import io.berth.core.client.AttachedProcess;
import io.berth.core.protocol.Reply;
import io.berth.gateway.audit.AuditEvent.Where;
import io.berth.gateway.audit.AuditEvent.Who;
import io.berth.gateway.audit.Journal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** An SFTP server whose stream is looked at on its way past. */
public final class AuditedSftp implements AttachedProcess {
    private final AttachedProcess server;
    private final SftpAudit audit;

    public AuditedSftp(AttachedProcess server, Journal journal, Who who, Where where) {
        this.server = server;
        this.audit = new SftpAudit(journal, who, where, System::nanoTime);
    }

    @Override
    public boolean hasPty() {
        return false;
    }

    @Override
    public OutputStream stdin() {
        return new Requests(server.stdin());
    }

    @Override
    public InputStream stdout() {
        return new Replies(server.stdout());
    }

    @Override
    public InputStream stderr() {
        return server.stderr();
    }

    @Override
    public void resize(int columns, int rows, int widthPixels, int heightPixels) {
        server.resize(columns, rows, widthPixels, heightPixels);
    }

    @Override
    public void signal(String name) {
        server.signal(name);
    }

    @Override
    public Reply.Exited waitFor() throws InterruptedException {
        return server.waitFor();
    }

    @Override
    public void close() {
        server.close();
        audit.end();
    }

    /** Looked at before the server has them, so that no answer comes before its question. */
    private final class Requests extends OutputStream {
        private final OutputStream to;

        Requests(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            audit.toServer(bytes, offset, length);
            to.write(bytes, offset, length);
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

    private final class Replies extends InputStream {
        private final InputStream from;

        Replies(InputStream from) {
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
                audit.toClient(into, offset, count);
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            from.close();
        }
    }
}
