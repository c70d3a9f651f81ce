// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.AgentConnection;
import io.berth.core.sandbox.Lockdown;
import io.berth.core.sandbox.SandboxException;
import io.berth.gateway.audit.Courier;
import io.berth.gateway.recording.RecordingCourier;
import io.berth.gateway.recording.RecordingSpool;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's process. */
public final class GatewayMain {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private GatewayMain() {}

    public static void main(String[] args) throws InterruptedException {
        // before the first logger; other jars bring a logback.xml of their own
        System.setProperty("logback.configurationFile", "logback-gateway.xml");
        try {
            run(GatewaySettings.from(System.getenv()));
        } catch (StartException | SandboxException e) {
            System.err.println("berth-gateway: " + e.getMessage());
            System.exit(1);
        }
    }

    /** Until the process is told to end. */
    private static void run(GatewaySettings settings) throws InterruptedException {
        Unprivileged.require();
        String confined = Lockdown.enter(() -> GatewaySandbox.of(settings));
        Logger log = LoggerFactory.getLogger(GatewayMain.class);
        var hostKeys = HostKeys.load(settings.hostKey());
        var desk = new PlatformDesk(settings.logins(), PlatformDesk.readToken(settings.token()));
        var agent = new AgentConnection(settings.agentSocket());
        String name = hostKeys.fingerprint();
        RecordingSpool recordings = recordings(settings);
        var watch = new Watch(new LiveSessions(), courier(settings, desk, name), recordings, log);
        var standby = new StandbyDesk(desk, Clock.systemUTC(), new StandbyFile(settings.standbyFile()));
        var gateway = new SshGateway(
                settings.listen(),
                hostKeys,
                standby,
                agent::attach,
                agent,
                settings.limits(),
                Clock.systemUTC(),
                watch);
        gateway.start();
        var recordingCourier = new RecordingCourier(
                recordings, (facts, offset, bytes, ending) -> desk.record(name, facts, offset, bytes, ending));
        var bans = new BanWatch(desk, settings.banFile(), gateway::ban);
        var reports = new SessionReports(watch.sessions(), desk, name);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(gateway), "close"));
        log.info(
                "event=started address={} port={}",
                settings.listen().getAddress().getHostAddress(),
                gateway.port());
        log.info("event=confined how=\"{}\"", confined);
        desk.greet();
        new Rehearsal().run();
        var bulletin = new Bulletin(gateway, desk, hostKeys.lines(), log);
        do {
            bulletin.minute();
            standby.minute();
        } while (!gateway.awaitClosed(MINUTE));
        standby.save();
        bans.close();
        reports.close();
        recordingCourier.close();
    }

    private static Courier courier(GatewaySettings settings, PlatformDesk desk, String name) {
        try {
            return new Courier(settings.auditDir(), lines -> desk.deliver(name, lines));
        } catch (IOException e) {
            throw new StartException(
                    "what happens over SSH can't be kept in " + settings.auditDir()
                            + "; './berth up' makes the directory",
                    e);
        }
    }

    private static RecordingSpool recordings(GatewaySettings settings) {
        try {
            return new RecordingSpool(settings.recordingDir(), RecordingSpool.MOST_BYTES);
        } catch (IOException e) {
            throw new StartException(
                    "recordings of terminals can't be kept in " + settings.recordingDir()
                            + "; './berth up' makes the directory above, for the gateway's user alone",
                    e);
        }
    }

    /** Tells every session's process that its client is gone. */
    private static void close(SshGateway gateway) {
        try {
            gateway.close();
        } catch (IOException e) {
            System.err.println("berth-gateway: closing: " + e.getMessage() + ", ignoring");
        }
    }
}
