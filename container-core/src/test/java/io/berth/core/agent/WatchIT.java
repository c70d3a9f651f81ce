// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.core.client.AgentException;
import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.PacketChannel;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Reply;
import io.berth.core.protocol.Request;
import io.berth.core.protocol.Wire;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ImageAlias;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Long answers: watches, pages, texts and progress. */
final class WatchIT {
    private RunningServer server;

    @BeforeEach
    void start() throws Exception {
        server = new RunningServer();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static ContainerId id(int number) {
        return ContainerId.of(String.format("00000000-0000-4000-8000-%012x", number));
    }

    @Test
    void aWatcherLearnsWhatThereIsAndThenWhatChanges() throws Exception {
        server.node.create(id(1), Samples.SPEC);
        BlockingQueue<Reply> events = new LinkedBlockingQueue<>();
        var watcher = Thread.ofPlatform()
                .start(() -> assertThatThrownBy(() -> server.client.watch(events::add))
                        .isInstanceOf(AgentException.class));
        assertThat(next(events)).isEqualTo(new Reply.Container(server.node.inspect(id(1))));
        assertThat(next(events)).isEqualTo(new Reply.Done());
        ContainerStatus running = server.node.start(id(1));
        assertThat(next(events)).isEqualTo(new Reply.Container(running));
        server.node.delete(id(1));
        assertThat(next(events)).isEqualTo(new Reply.Removed(id(1)));
        server.stop();
        watcher.join();
    }

    @Test
    void aWatcherLearnsOfDriftThatBeganBeforeItCame() throws Exception {
        Reply.Drift drift = new Reply.Drift(id(1), Instant.EPOCH, List.of(Samples.LINE));
        server.node.create(id(1), Samples.SPEC);
        server.node.drifts.add(drift);
        BlockingQueue<Reply> events = new LinkedBlockingQueue<>();
        var watcher = Thread.ofPlatform()
                .start(() -> assertThatThrownBy(() -> server.client.watch(events::add))
                        .isInstanceOf(AgentException.class));
        assertThat(next(events)).isInstanceOf(Reply.Container.class);
        assertThat(next(events)).isEqualTo(drift);
        assertThat(next(events)).isEqualTo(new Reply.Done());
        server.stop();
        watcher.join();
    }

    private static Reply next(BlockingQueue<Reply> events) throws InterruptedException {
        Reply event = events.poll(10, TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        return event;
    }

    @Test
    void aWatcherThatDoesNotReadIsDisconnectedAndHoldsNobodyUp() {
        server.node.create(id(1), Samples.SPEC);
        try (PacketChannel lazy = server.connectAs(RunningServer.PLATFORM_UID)) {
            RunningServer.send(lazy, new Request.Watch());
            await().until(() -> !server.node.listeners.isEmpty());
            long began = System.nanoTime();
            for (int i = 0; i < 4000; i++) {
                server.node.start(id(1));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
            await().until(() -> server.node.listeners.isEmpty());
            long told = 0;
            while (lazy.receive(0).isPresent()) {
                told++;
            }
            assertThat(told).isPositive().isLessThan(4000);
        }
    }

    @Test
    void aWatcherThatLeavesIsForgotten() {
        try (PacketChannel short_ = server.connectAs(RunningServer.PLATFORM_UID)) {
            assertThat(RunningServer.ask(short_, new Request.Watch())).isEqualTo(new Reply.Done());
            assertThat(server.node.listeners).hasSize(1);
            assertThat(RunningServer.ask(short_, new Request.Ping()))
                    .isInstanceOfSatisfying(
                            Reply.Refused.class, no -> assertThat(no.refusal()).isEqualTo(Refusal.CONFLICT));
        }
        await().until(() -> server.node.listeners.isEmpty());
        assertThat(server.node.listeners).isEmpty();
    }

    @Test
    void aThousandContainersComeInPages() {
        for (int i = 0; i < 1000; i++) {
            server.node.create(id(i), Samples.SPEC);
        }
        try (PacketChannel channel = server.connectAs(0)) {
            assertThat(RunningServer.ask(channel, new Request.ListContainers(null)))
                    .isInstanceOfSatisfying(
                            Reply.Containers.class,
                            page -> assertThat(page.more()).isTrue());
        }
        List<ContainerId> ids =
                server.client.list().stream().map(ContainerStatus::id).toList();
        assertThat(ids).hasSize(1000).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aLongTextComesWhole() {
        String text = "\u0001é😀".repeat(40_000);
        server.node.console = text;
        assertThat(server.client.text(new Request.DescribeBirth(id(1)))).isEqualTo(text);
        for (Reply.Text packet : Pages.text(text)) {
            assertThat(Wire.encode(packet).length).isLessThanOrEqualTo(Wire.MOST_BYTES);
        }
        server.node.console = "";
        assertThat(server.client.text(new Request.DescribeBirth(id(1)))).isEmpty();
    }

    @Test
    void aBuildTellsItsProgressThenTheImage() {
        List<String> lines = new ArrayList<>();
        var alias = new ImageAlias("debian/bookworm");
        assertThat(server.client.buildImage(alias, lines::add).alias()).isEqualTo(alias);
        assertThat(lines).containsExactly("fetching", "unpacking");
    }
}
