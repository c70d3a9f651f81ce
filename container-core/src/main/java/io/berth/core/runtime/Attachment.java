// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Fd;
import io.berth.core.protocol.Reply;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A process that was started inside a container. The fds belong to whoever holds the attachment: {@code [pidfd, master]} with a
 * terminal, else {@code [pidfd, stdin, stdout, stderr]}.
 */
public interface Attachment extends AutoCloseable {
    boolean hasPty();

    List<Fd> fds();

    /** Completes when the process has ended and was reaped. */
    CompletableFuture<Reply.Exited> exit();

    /** Sends a signal, by its name without SIG, to the session's foreground process group; ignored once it has ended. */
    void signal(String name);

    /** Closes the fds; the process goes on. */
    @Override
    void close();
}
