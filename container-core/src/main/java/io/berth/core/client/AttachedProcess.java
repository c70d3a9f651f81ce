// SPDX-License-Identifier: Apache-2.0
package io.berth.core.client;

import io.berth.core.protocol.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A process that runs inside a container, with its terminal or pipes in this process's hands: no byte passes through the
 * agent. It lives on when the agent dies. Closing closes the fds; it does not kill.
 */
public interface AttachedProcess extends AutoCloseable {
    boolean hasPty();

    /** The terminal, or the process's stdin. Closing it is end-of-file for a pipe; for a terminal it does nothing. */
    OutputStream stdin();

    /**
     * Writes to {@link #stdin()} what it takes at once, without ever waiting.
     *
     * @return how many bytes that were; 0 where everything has to go the other way, as it must past whoever looks
     *     at the bytes
     */
    default int offer(byte[] bytes, int offset, int length) throws IOException {
        return 0;
    }

    /** The terminal, or the process's stdout; ends when the process and all who share it have closed it. */
    InputStream stdout();

    /** The process's stderr; empty with a terminal. */
    InputStream stderr();

    /** Tells the terminal its new size; without a terminal it does nothing. */
    void resize(int columns, int rows, int widthPixels, int heightPixels);

    /** Whether the terminal shows what is typed by itself, as it does not at a password's prompt; false where nobody knows. */
    default boolean echoes() {
        return false;
    }

    /** Sends a signal by its SSH name (RFC 4254, 6.10), such as {@code TERM}; through the agent, ignored when that is gone. */
    void signal(String name);

    /** Blocks until the process has ended; from the kernel itself when the agent is gone. */
    Reply.Exited waitFor() throws InterruptedException;

    @Override
    void close();
}
