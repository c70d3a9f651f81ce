// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries a client's input to its process until either has enough. */
final class InputPump implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(InputPump.class);

    private final PendingInput from;
    private final OutputStream to;
    private final ChannelInput channel;
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    InputPump(PendingInput from, OutputStream to, ChannelInput channel) {
        this.from = from;
        this.to = to;
        this.channel = channel;
    }

    /** Completed once nothing more is carried. */
    CompletableFuture<Void> end() {
        return end;
    }

    @Override
    public void run() {
        try (to) {
            for (byte[] part = from.take(); part != null; part = from.take()) {
                boolean taken = write(part);
                channel.releaseWindow(part.length);
                if (!taken) {
                    stop();
                }
            }
        } catch (IOException e) {
            LOG.debug("event=gone-while-sending", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end.complete(null);
        }
    }

    /** @return false when the process reads no longer */
    private boolean write(byte[] part) {
        try {
            to.write(part, 0, part.length);
            to.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** What the client still sends goes nowhere, so that it does not wait for room. */
    private void stop() throws IOException {
        channel.releaseWindow(from.discard());
        channel.endInput();
    }
}
