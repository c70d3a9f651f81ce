// SPDX-License-Identifier: Apache-2.0
package io.berth.core.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Pipe;
import io.berth.core.protocol.Endpoint;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FdListenerTest {
    @Test
    void theEndOfWhoeverKeepsThePathEndsTheWait() {
        Pipe pipe = FileCalls.pipe2();
        try (var listener =
                new FdListener(new Endpoint.Unix("/gone"), List.of(FileCalls.eventfd(0)), pipe.writeEnd())) {
            pipe.readEnd().close();
            assertThatThrownBy(listener::accept)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the container has ended");
        }
    }
}
