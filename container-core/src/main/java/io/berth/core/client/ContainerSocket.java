// SPDX-License-Identifier: Apache-2.0
package io.berth.core.client;

import java.io.InputStream;
import java.io.OutputStream;

/** A connected stream socket of a container's. It lives on when the agent dies. */
public interface ContainerSocket extends AutoCloseable {
    /** Closing it from another thread wakes a blocked read. */
    InputStream input();

    /** Closing it tells the far end that no more will come; what comes from there still can. */
    OutputStream output();

    /** Who connected, as an address and a port; "" and 0 where a socket has no such thing. */
    Peer peer();

    /** The far end. */
    record Peer(String address, int port) {
        public static final Peer NONE = new Peer("", 0);
    }

    @Override
    void close();
}
