// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import java.util.List;

/** One message of a socket and the descriptors that came with it, which the receiver closes. */
@SuppressWarnings("ArrayRecordComponent") // the array is the receiver's; nobody compares messages
public record ReceivedMessage(byte[] bytes, List<Fd> fds) implements AutoCloseable {
    public ReceivedMessage {
        fds = List.copyOf(fds);
    }

    @Override
    public void close() {
        fds.forEach(Fd::close);
    }
}
