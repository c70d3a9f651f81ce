// SPDX-License-Identifier: Apache-2.0
package io.berth.core.client;

import io.berth.core.protocol.Endpoint;
import java.io.IOException;

/** Sockets that listen inside a container, until this is closed; a Unix socket's path goes with it. */
public interface ContainerListener extends AutoCloseable {
    /** Where: with the port, or the path, that was chosen. */
    Endpoint at();

    /**
     * Blocks until somebody connects. For one thread.
     *
     * @throws java.nio.channels.AsynchronousCloseException once it is closed
     * @throws IOException when this process has no descriptor left, or the container has ended
     */
    ContainerSocket accept() throws IOException;

    @Override
    void close();
}
