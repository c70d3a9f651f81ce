// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.linux.Fd;
import io.berth.core.linux.SocketCalls;
import io.berth.core.linux.SocketConstant;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateLockTest {
    @Test
    void aSecondAgentIsRefusedUntilTheFirstEnds(@TempDir Path state) {
        Path path = state.resolve("lock");
        try (StateLock first = StateLock.take(path)) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> StateLock.take(path))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("another agent already runs on this state")
                    .hasMessageContaining("./berth down");
        }
        try (StateLock second = StateLock.take(path)) {
            assertThat(second).isNotNull();
        }
    }

    @Test
    void aListenerIsNotReplacedButAStaleSocketIs(@TempDir Path run) throws Exception {
        Path path = run.resolve("agent.sock");
        try (ListeningSocket first = ListeningSocket.bind(path)) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> ListeningSocket.bind(path)).hasMessageContaining("another process listens");
        }
        leaveStale(path);
        ListeningSocket second = ListeningSocket.bind(path);
        assertThat(Files.getAttribute(path, "unix:mode")).isEqualTo(0140666);
        second.stop();
        assertThat(second.accept()).isEmpty();
        second.close();
        assertThat(run).isEmptyDirectory();
    }

    /** As kill -9 leaves it. */
    private static void leaveStale(Path path) {
        try (Fd dead = SocketCalls.socket(SocketConstant.AF_UNIX, SocketConstant.SOCK_SEQPACKET, 0)) {
            SocketCalls.bindUnix(dead, path.toString());
        }
        assertThat(Files.exists(path)).isTrue();
    }
}
