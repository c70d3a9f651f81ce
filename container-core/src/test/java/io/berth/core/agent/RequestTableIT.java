// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.core.client.AgentException;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.protocol.PacketChannel;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Reply;
import io.berth.core.protocol.Request;
import io.berth.core.protocol.Wire;
import io.berth.core.spec.Device;
import io.berth.core.spec.Devices;
import io.berth.core.spec.ImageAlias;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may ask what, over real sockets, by the kernel's word of who asks. Needs root to become others. */
final class RequestTableIT {
    private static final Set<String> GATEWAY = Set.of("Attach", "Connect", "Listen", "Signal", "Ping");
    private static final Set<String> NOT_PLATFORM =
            Set.of("Attach", "AttachAsRoot", "Connect", "Listen", "Signal", "Shutdown");

    private RunningServer server;

    @BeforeEach
    void start() throws Exception {
        server = new RunningServer();
        server.node.create(Samples.ID, Samples.SPEC);
        server.node.asked.clear();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    static Stream<Request> requests() {
        return Samples.all().stream();
    }

    @Test
    void samplesCoverEveryRequest() {
        assertThat(Samples.all().stream().map(Object::getClass).collect(Collectors.toSet()))
                .isEqualTo(Set.of(Request.class.getPermittedSubclasses()));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void thePlatformMayCreateButRunNothing(Request request) {
        boolean forbidden = isForbidden(RunningServer.PLATFORM_UID, request);
        assertThat(forbidden).isEqualTo(NOT_PLATFORM.contains(request.getClass().getSimpleName()));
        assertThat(server.node.asked.isEmpty() || !forbidden).isTrue();
    }

    /** For terminals in browsers; with a ticket as everybody else. */
    @Test
    void thePlatformAttachesLoginShellsOnATicketsWordAndNothingElse() {
        var shell = new Request.Attach("no ticket", Samples.attach(null, Samples.PTY));
        try (PacketChannel channel = server.connectAs(RunningServer.PLATFORM_UID)) {
            // it gets as far as its ticket: the key that would prove it is missing
            assertThat(RunningServer.ask(channel, shell))
                    .isInstanceOfSatisfying(
                            Reply.Refused.class,
                            refused -> assertThat(refused.refusal()).isNotEqualTo(Refusal.FORBIDDEN));
        }
        for (var attach : List.of(
                Samples.attach("true", Samples.PTY), Samples.attach("true", null), Samples.attach(null, null))) {
            assertThat(isForbidden(RunningServer.PLATFORM_UID, new Request.Attach("no ticket", attach)))
                    .isTrue();
        }
        assertThat(isForbidden(
                        RunningServer.PLATFORM_UID,
                        new Request.AttachAsRoot(Samples.ID, Samples.attach(null, Samples.PTY))))
                .isTrue();
        assertThat(server.node.asked).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"KVM", "GPU"})
    void thePlatformHandsNoLargeDriverOut(Device driver) {
        var given = new Request.ChangeDevices(Samples.ID, Devices.of(Set.of(Device.TUN, driver)));
        assertThat(isForbidden(RunningServer.PLATFORM_UID, given)).isTrue();
        assertThat(server.node.asked).isEmpty();
        assertThat(isForbidden(0, given)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void theGatewayMayAttachButNeverCreate(Request request) {
        // an attach gets as far as its ticket: the key that would prove it is missing
        boolean forbidden = isForbidden(RunningServer.GATEWAY_UID, request);
        assertThat(forbidden).isEqualTo(!GATEWAY.contains(request.getClass().getSimpleName()));
        assertThat(server.node.asked).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void rootMayEverything(Request request) {
        assertThat(isForbidden(0, request)).isFalse();
    }

    private boolean isForbidden(int uid, Request request) {
        try (PacketChannel channel = server.connectAs(uid)) {
            return RunningServer.ask(channel, request) instanceof Reply.Refused(Refusal refusal, var _)
                    && refusal == Refusal.FORBIDDEN;
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void strangersAreTurnedAwayBeforeTheyAsk(Request request) {
        try (PacketChannel channel = server.connectAs(RunningServer.STRANGER_UID)) {
            RunningServer.send(channel, request);
            assertThat(RunningServer.receive(channel)).isInstanceOfSatisfying(Reply.Refused.class, refused -> {
                assertThat(refused.refusal()).isEqualTo(Refusal.FORBIDDEN);
                assertThat(refused.message()).contains("uid 61103", "become root");
            });
            assertThat(channel.receive(0)).isEmpty();
        }
        assertThat(server.node.asked).isEmpty();
    }

    @Test
    void aSignalNeedsAnAttachBefore() {
        try (PacketChannel channel = server.connectAs(RunningServer.GATEWAY_UID)) {
            assertRefused(RunningServer.ask(channel, new Request.Signal("TERM")), Refusal.CONFLICT, "attach first");
        }
    }

    @Test
    void aFloodIsRefusedAndTimeHeals() {
        var ping = new Request.Ping();
        int burst = RequestTable.rule(ping).rate().burst();
        try (PacketChannel channel = server.connectAs(RunningServer.GATEWAY_UID)) {
            for (int i = 0; i < burst; i++) {
                assertThat(RunningServer.ask(channel, ping)).isEqualTo(new Reply.Done());
            }
            assertRefused(RunningServer.ask(channel, ping), Refusal.TOO_MANY, "ask again in a moment");
            try (PacketChannel other = server.connectAs(RunningServer.PLATFORM_UID)) {
                assertThat(RunningServer.ask(other, ping)).isEqualTo(new Reply.Done());
            }
            server.nanoTime.addAndGet(Duration.ofSeconds(1).toNanos());
            assertThat(RunningServer.ask(channel, ping)).isEqualTo(new Reply.Done());
        }
    }

    @Test
    void aPeerHasOnlySoManyConnections() {
        List<PacketChannel> open = new ArrayList<>();
        try {
            for (int i = 0; i < Peer.PLATFORM.mostConnections(); i++) {
                PacketChannel channel = server.connectAs(RunningServer.PLATFORM_UID);
                open.add(channel);
                assertThat(RunningServer.ask(channel, new Request.Ping())).isEqualTo(new Reply.Done());
                server.nanoTime.addAndGet(Duration.ofSeconds(1).toNanos()); // pings have a rate of their own
            }
            try (PacketChannel extra = server.connectAs(RunningServer.PLATFORM_UID)) {
                assertRefused(RunningServer.receive(extra), Refusal.TOO_MANY, "too many connections");
            }
            server.client.done(new Request.Ping());
        } finally {
            open.forEach(PacketChannel::close);
        }
    }

    @Test
    void oversizedPacketsAreRefused() {
        try (PacketChannel channel = server.connectAs(0)) {
            channel.send(new byte[Wire.MOST_BYTES + 1], List.of(), Duration.ofSeconds(5));
            assertRefused(RunningServer.receive(channel), Refusal.INVALID, "larger than");
            assertThat(channel.receive(0)).isEmpty();
        }
    }

    @Test
    void aRequestMayNotBearDescriptors() {
        try (PacketChannel channel = server.connectAs(0);
                Fd fd = FileCalls.eventfd(0)) {
            channel.send(Wire.encode(new Request.Ping()), List.of(fd), Duration.ofSeconds(5));
            assertRefused(RunningServer.receive(channel), Refusal.INVALID, "descriptors");
        }
    }

    @Test
    void aMalformedMessageNamesItsField() {
        try (PacketChannel channel = server.connectAs(0)) {
            byte[] packet = "{\"verb\":\"start\",\"id\":\"../../etc\"}".getBytes(StandardCharsets.UTF_8);
            channel.send(packet, List.of(), Duration.ofSeconds(5));
            assertRefused(RunningServer.receive(channel), Refusal.INVALID, "id: ");
        }
    }

    @Test
    void numbersOutOfRangeNameTheirField() {
        assertThatThrownBy(() -> server.client.container(new Request.Stop(Samples.ID, 601)))
                .isInstanceOf(AgentException.class)
                .hasMessage("graceSeconds: 601 is out of range; it is 0 to 600");
        assertThatThrownBy(() -> server.client.text(new Request.ConsoleLog(Samples.ID, 32_769)))
                .hasMessageStartingWith("maxBytes: ");
    }

    @Test
    void whatTheNodeDidNotExpectIsAReferenceAndNoSecret() {
        assertThatThrownBy(() -> server.client.buildImage(new ImageAlias("broken/image"), line -> {}))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.FAILED))
                .hasMessageContaining("reference")
                .hasMessageNotContaining("secret");
    }

    @Test
    void shutdownStopsTheServer() {
        server.client.done(new Request.Shutdown(7));
        assertThat(server.node.asked).contains("shutdown PT7S");
        // the answer overtakes the end by a moment
        await().untilAsserted(() -> assertThatThrownBy(() -> server.client.done(new Request.Ping()))
                .hasMessage("the node agent does not answer at " + server.socket + "; start it with ./berth up"));
    }

    private static void assertRefused(Reply reply, Refusal refusal, String words) {
        assertThat(reply).isInstanceOfSatisfying(Reply.Refused.class, refused -> {
            assertThat(refused.refusal()).isEqualTo(refusal);
            assertThat(refused.message()).contains(words);
        });
    }
}
