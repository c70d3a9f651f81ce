// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.sandbox.Sandbox;
import io.berth.core.sandbox.Sandbox.Use;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

/** All that the gateway reaches: its host key, the platform's token and port, and those who come to it. */
final class GatewaySandbox {
    private GatewaySandbox() {}

    static Sandbox of(GatewaySettings settings) {
        int rehearsal = freePort();
        Sandbox.Builder sandbox = Sandbox.ofThisJava()
                .path(Use.WRITE, settings.ownDir())
                // the directory, as a token that is replaced is another file; what else is there this account may not
                // read
                .path(Use.READ, settings.platformDir())
                .bind(settings.listen().getPort())
                .connect(settings.platform().getPort())
                .bind(rehearsal)
                .connect(rehearsal)
                .tell(Rehearsal.PORT, Integer.toString(rehearsal));
        Path banner = settings.limits().banner();
        return (banner == null ? sandbox : sandbox.path(Use.READ, banner)).build();
    }

    /** The gateway's rehearsal connects to itself, and a rule names a port that is known beforehand. */
    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("finding a free port on loopback", e);
        }
    }
}
