// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.sftp;

import io.berth.core.client.AttachedProcess;
import io.berth.core.protocol.Reply;
import io.berth.gateway.audit.AuditEvent.Where;
import io.berth.gateway.audit.AuditEvent.Who;
import io.berth.gateway.audit.Journal;
import io.berth.gateway.stream.PassingInput;
import io.berth.gateway.stream.PassingOutput;
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
        return new PassingOutput(server.stdin(), this::ask);
    }

    @Override
    public InputStream stdout() {
        return new PassingInput(server.stdout(), audit::toClient);
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
    private void ask(OutputStream to, byte[] bytes, int offset, int length) throws IOException {
        audit.toServer(bytes, offset, length);
        to.write(bytes, offset, length);
    }
}
