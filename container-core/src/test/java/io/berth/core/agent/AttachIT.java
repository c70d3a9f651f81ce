// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.core.client.AgentException;
import io.berth.core.client.AttachedProcess;
import io.berth.core.linux.Fd;
import io.berth.core.protocol.PacketChannel;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Reply;
import io.berth.core.protocol.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Descriptors over the socket, and what becomes of a session when one side goes away. */
final class AttachIT {
    private static final int ROUNDS = 20;

    private RunningServer server;

    @BeforeEach
    void start() throws Exception {
        server = new RunningServer();
        server.node.create(Samples.ID, Samples.SPEC);
        server.node.start(Samples.ID);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private AttachedProcess run(String command) {
        return server.client.attachAsRoot(Samples.ID, Samples.attach(command, null));
    }

    @Test
    void pipesAreSeparateAndTheExitStatusComesBack() throws Exception {
        try (AttachedProcess process = run("cat; echo wrong >&2; exit 7")) {
            process.stdin().write("hello".getBytes(StandardCharsets.UTF_8));
            process.stdin().close();
            assertThat(process.hasPty()).isFalse();
            assertThat(process.stdout().readAllBytes()).asString().isEqualTo("hello");
            assertThat(process.stderr().readAllBytes()).asString().isEqualTo("wrong\n");
            assertThat(process.waitFor()).isEqualTo(new Reply.Exited(7, null));
            assertThat(process.waitFor()).isEqualTo(new Reply.Exited(7, null));
        }
    }

    @Test
    void aTerminalHasASizeThatCanBeChanged() throws Exception {
        try (AttachedProcess process =
                server.client.attachAsRoot(Samples.ID, Samples.attach("read -r go; stty size", Samples.PTY))) {
            process.resize(132, 43, 0, 0);
            process.stdin().close();
            process.stdin().write("go\n".getBytes(StandardCharsets.UTF_8));
            assertThat(process.stdout().readAllBytes()).asString().contains("43 132");
            assertThat(process.stderr().readAllBytes()).isEmpty();
            assertThat(process.hasPty()).isTrue();
            assertThat(process.waitFor()).isEqualTo(new Reply.Exited(0, null));
        }
    }

    @Test
    void aSignalGoesThroughTheAgent() throws Exception {
        try (AttachedProcess process = run("echo ready; exec cat")) {
            assertThat(process.stdout().read()).isEqualTo('r');
            process.signal("TERM");
            assertThat(process.waitFor()).isEqualTo(new Reply.Exited(null, "TERM"));
        }
    }

    @Test
    void anUnknownSignalIsRefusedAndTheSessionGoesOn() throws Exception {
        try (AttachedProcess process = run("cat; exit 3")) {
            process.signal("NONSENSE");
            process.stdin().close();
            assertThat(process.waitFor()).isEqualTo(new Reply.Exited(3, null));
        }
    }

    @Test
    void aSessionOutlivesTheAgentAndTheKernelTellsItsEnd() throws Exception {
        try (AttachedProcess process = run("cat; exit 9")) {
            server.stop();
            process.stdin().write("still here".getBytes(StandardCharsets.UTF_8));
            process.stdin().close();
            assertThat(process.stdout().readAllBytes()).asString().isEqualTo("still here");
            assertThat(process.waitFor()).isEqualTo(new Reply.Exited(9, null));
            process.signal("TERM");
        }
    }

    @Test
    void aKilledSessionWithoutAgentNamesTheSignal() throws Exception {
        try (AttachedProcess process = run("kill -KILL $$")) {
            server.stop();
            assertThat(process.waitFor()).isEqualTo(new Reply.Exited(null, "KILL"));
        }
    }

    @Test
    void closingTheConnectionKillsNothing() throws Exception {
        List<Fd> fds;
        try (PacketChannel channel = server.connectAs(0)) {
            RunningServer.send(channel, new Request.AttachAsRoot(Samples.ID, Samples.attach("cat; exit 4", null)));
            fds = channel.receive(PacketChannel.MOST_FDS).orElseThrow().fds();
        }
        assertThat(server.node.attachments.getFirst().exit()).isNotDone();
        fds.forEach(Fd::close);
        // what ends it is the end of its stdin
        assertThat(server.node.attachments.getFirst().exit().get()).isEqualTo(new Reply.Exited(4, null));
    }

    @Test
    void theAgentKeepsNoCopyOfTheDescriptors() throws Exception {
        try (AttachedProcess process = run("cat")) {
            // the packet with the copies arrives a moment before the agent closes its own
            await().untilAsserted(() ->
                    assertThat(server.node.attachments.getFirst().fds()).noneMatch(Fd::isOpen));
            process.stdin().close();
            assertThat(process.waitFor()).isEqualTo(new Reply.Exited(0, null));
        }
    }

    @Test
    void closingWakesAWaiter() throws Exception {
        AttachedProcess process = run("cat");
        var waiter = Thread.ofPlatform()
                .start(() -> assertThatThrownBy(process::waitFor)
                        .isInstanceOf(AgentException.class)
                        .hasMessageContaining("closed"));
        await().until(() -> waiter.getState() == Thread.State.WAITING);
        process.close();
        process.close();
        waiter.join();
        assertThatThrownBy(process::waitFor).hasMessageContaining("closed before");
    }

    @Test
    void aStoppedContainerIsAConflictWithTheCure() {
        server.node.stop(Samples.ID, Duration.ZERO);
        assertThatThrownBy(() -> run("true"))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.CONFLICT))
                .hasMessage("the container is stopped; start it");
    }

    @Test
    void noPathLeaksADescriptor() throws Exception {
        everyPath();
        long before = settledFds();
        for (int i = 0; i < ROUNDS; i++) {
            everyPath();
        }
        await().untilAsserted(() -> assertThat(fds()).isLessThanOrEqualTo(before));
    }

    private void everyPath() throws Exception {
        try (AttachedProcess process = run("exit 0")) {
            process.waitFor();
        }
        try (AttachedProcess unwaited = server.client.attachAsRoot(Samples.ID, Samples.attach("exit 0", Samples.PTY))) {
            assertThat(unwaited.hasPty()).isTrue();
        }
        assertThatThrownBy(() -> server.client.attach("forged", Samples.attach("true", null)))
                .isInstanceOf(AgentException.class);
        assertThatThrownBy(() -> new io.berth.core.client.AgentConnection(Path.of("/nonexistent/agent.sock"))
                        .done(new Request.Ping()))
                .isInstanceOf(AgentException.class);
        try (PacketChannel stranger = server.connectAs(RunningServer.STRANGER_UID)) {
            assertThat(RunningServer.receive(stranger)).isInstanceOf(Reply.Refused.class);
        }
        assertThat(server.client.list()).hasSize(1);
        for (var attachment : new ArrayList<>(server.node.attachments)) {
            attachment.exit().get();
        }
        server.node.attachments.clear();
    }

    /** The server's side closes a moment after ours. */
    private static long settledFds() throws IOException {
        long[] last = {fds()};
        await().during(Duration.ofMillis(300)).until(() -> {
            long now = fds();
            boolean same = now == last[0];
            last[0] = now;
            return same;
        });
        return last[0];
    }

    private static long fds() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
