// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.util.ArrayDeque;
import java.util.Deque;

/** Buffers for what comes from clients, lent for as long as one is being dealt with; a few are kept for the next. */
final class ReadBuffers {
    private static final int BYTES = 64 * 1024; // nearly two packets
    private static final int MOST_KEPT = 64;

    private final Deque<byte[]> kept = new ArrayDeque<>();

    synchronized byte[] take() {
        byte[] buffer = kept.pollLast();
        return buffer == null ? new byte[BYTES] : buffer;
    }

    synchronized void give(byte[] buffer) {
        if (kept.size() < MOST_KEPT) {
            kept.addLast(buffer);
        }
    }
}
