// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Fd;
import io.berth.core.protocol.Endpoint;
import java.util.List;

/**
 * Sockets that listen inside a container; they belong to whoever holds this.
 *
 * @param at where: with the port, or the path, that was chosen
 * @param fds one or two sockets; with {@code kept}, behind them a pipe: a process inside removes the Unix socket's path once nobody holds it
 * @param kept whether there is such a process
 */
public record Listener(Endpoint at, List<Fd> fds, boolean kept) implements AutoCloseable {
    public Listener {
        fds = List.copyOf(fds);
    }

    @Override
    public void close() {
        fds.forEach(Fd::close);
    }
}
