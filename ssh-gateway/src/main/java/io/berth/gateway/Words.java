// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.protocol.Reply;
import io.berth.gateway.ClientOutput.Stream;
import io.berth.gateway.text.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the gateway itself says on a session's channel. A client that has gone hears nothing, and nobody minds. */
record Words(SessionChannel channel, SessionRequest request, ClientOutput output) {
    private static final Logger LOG = LoggerFactory.getLogger(Words.class);

    /** On stderr, where no program takes it for its input. */
    void tell(Banner banner) {
        write(Stream.STDERR, banner.line());
    }

    /** On stdout, as part of what is shown. */
    void show(String text) {
        text.lines().forEach(line -> write(Stream.STDOUT, Printable.line(line)));
    }

    private void write(Stream stream, String line) {
        try {
            byte[] text = bytes(line);
            output.write(stream, text, text.length);
        } catch (IOException e) {
            LOG.debug("event=gone-while-told", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Instead of a process. */
    void last(String line, int status) {
        try {
            byte[] text = bytes(line);
            output.write(Stream.STDERR, text, text.length);
            channel.exited(new Reply.Exited(status, null));
            channel.endOutput();
        } catch (IOException e) {
            LOG.debug("event=gone-while-refused", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private byte[] bytes(String line) {
        return (line + (request.pty() == null ? "\n" : "\r\n")).getBytes(StandardCharsets.UTF_8);
    }
}
