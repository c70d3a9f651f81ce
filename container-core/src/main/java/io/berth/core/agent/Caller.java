// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import io.berth.core.linux.Fd;
import io.berth.core.protocol.PacketChannel;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Reply;
import io.berth.core.protocol.Wire;
import io.berth.core.runtime.ContainerException;
import java.time.Duration;
import java.util.List;

/**
 * Who asked, and the way back to them.
 *
 * @param peer by the kernel's word
 * @param pid by the kernel's word, at the time of connect(2)
 * @param channel to answer on
 */
record Caller(Peer peer, int pid, PacketChannel channel) {
    /** How long a caller may leave its socket full before it counts as gone. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** @return false when the caller is gone */
    boolean answer(Reply reply) {
        return answer(reply, List.of());
    }

    /** @return false when the caller is gone and has no copies of the fds */
    boolean answer(Reply reply, List<Fd> fds) {
        return channel.send(packet(reply), fds, PATIENCE);
    }

    /** As {@link #answer(Reply)}, for threads that must not wait for a caller. */
    boolean offer(Reply reply) {
        return channel.send(packet(reply), List.of(), Duration.ZERO);
    }

    private static byte[] packet(Reply reply) {
        byte[] packet = Wire.encode(reply);
        if (packet.length > Wire.MOST_BYTES) {
            throw new ContainerException(
                    Refusal.EXHAUSTED,
                    "the answer has " + packet.length + " bytes, and a packet at most " + Wire.MOST_BYTES
                            + "; delete images that nothing needs");
        }
        return packet;
    }
}
