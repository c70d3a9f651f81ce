// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.AgentConnection;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's process. */
public final class GatewayMain {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayMain.class);

    private GatewayMain() {}

    public static void main(String[] args) {
        try {
            start(GatewaySettings.from(System.getenv()));
        } catch (StartException e) {
            System.err.println("berth-gateway: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void start(GatewaySettings settings) {
        Unprivileged.require();
        var hostKey = HostKey.loadOrMake(settings.hostKey());
        var desk = new PlatformDesk(settings.logins(), PlatformDesk.readToken(settings.token()));
        var agent = new AgentConnection(settings.agentSocket());
        var gateway = new SshGateway(settings.listen(), hostKey, desk, agent::attach, Clock.systemUTC(), LOG);
        gateway.start();
        LOG.info(
                "event=started address={} port={}",
                settings.listen().getAddress().getHostAddress(),
                gateway.port());
        Thread.ofPlatform().daemon().name("rehearsal").start(new Rehearsal());
    }
}
