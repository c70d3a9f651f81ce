// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import org.apache.sshd.common.channel.Channel;
import org.jspecify.annotations.Nullable;

/** What one channel's process has not taken yet, on its connection's account. */
final class HeldInput {
    private final Channel channel;
    private long bytes;
    private boolean isClosed;

    HeldInput(Channel channel) {
        this.channel = channel;
    }

    void received(int count) {
        change(count);
    }

    void taken(int count) {
        change(-count);
    }

    private void change(int count) {
        synchronized (this) {
            if (isClosed) {
                return;
            }
            bytes += count;
        }
        book(count);
    }

    /** The channel closes, and what it held goes. */
    void close() {
        long left;
        synchronized (this) {
            left = bytes;
            bytes = 0;
            isClosed = true;
        }
        book((int) -left);
    }

    private void book(int count) {
        InputBudget.@Nullable Account account = account();
        if (account != null && count != 0) {
            account.add(count);
        }
    }

    private InputBudget.@Nullable Account account() {
        return channel.getSession() != null && channel.getSession().getIoSession() instanceof ClientSocket socket
                ? socket.input()
                : null;
    }
}
