// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** Two connected sockets. */
public record SocketPair(Fd left, Fd right) implements AutoCloseable {
    @Override
    public void close() {
        left.close();
        right.close();
    }
}
