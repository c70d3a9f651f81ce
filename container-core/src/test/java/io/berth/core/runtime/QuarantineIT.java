// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Signal;
import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.QuarantineStatus;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.SnapshotStatus;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerState;
import io.berth.core.spec.NetworkMode;
import io.berth.core.spec.QuarantineReason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Cutting real containers off, and letting them go. Needs root. */
@ParameterizedClass
@EnumSource(RuntimeSettings.StorageDriver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuarantineIT {
    private static final QuarantineReason REASON = new QuarantineReason("it sends spam");
    private static final int DISCARD = 9;

    @Parameter
    RuntimeSettings.StorageDriver storage = RuntimeSettings.StorageDriver.OVERLAY;

    @SuppressWarnings("NullAway.Init") // by open()
    private TestNode test;

    @BeforeParameterizedClassInvocation // @BeforeAll comes before the parameter does
    void open() throws IOException {
        test = TestNode.open(
                storage, 8, storage == RuntimeSettings.StorageDriver.BTRFS ? "10.199.0.1/16" : "10.200.0.1/16");
    }

    @AfterEach
    void deleteAll() {
        test.node().list().forEach(container -> test.remove(container.id()));
    }

    @AfterParameterizedClassInvocation
    void close() {
        test.close();
    }

    /** A container that the host reaches. */
    private ContainerId connected() {
        ContainerId id = test.create("box", TestNode.SMALL, NetworkMode.NAT);
        test.node().start(id);
        await().until(() -> answers(id)); // its init asks for the address by DHCP
        return id;
    }

    /** Nothing listens there; a kernel that is reached says so, for a container that is frozen too. */
    private boolean answers(ContainerId id) {
        String address = test.status(id).addresses().getFirst();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, DISCARD), 500);
            return true;
        } catch (ConnectException e) {
            return "Connection refused".equals(e.getMessage());
        } catch (IOException e) {
            return false; // SocketTimeoutException, NoRouteToHostException
        }
    }

    private QuarantineStatus quarantine(ContainerId id) {
        QuarantineStatus quarantine = test.status(id).quarantine();
        if (quarantine == null) {
            throw new AssertionError("not in quarantine");
        }
        return quarantine;
    }

    @Test
    void aContainerThatTakesItsTimeToStopIsCutOffAtOnce() {
        ContainerId id = test.start("box");
        Integer init = test.status(id).initPid();
        assertThat(init).isNotNull();
        ProcessCalls.kill(init, Signal.SIGSTOP);
        CompletableFuture<ContainerStatus> stop =
                CompletableFuture.supplyAsync(() -> test.node().stop(id, Duration.ofMinutes(5)));
        await().until(() -> !test.status(id).shouldRun());

        test.node().quarantine(id, REASON);
        assertThat(test.status(id).state()).isEqualTo(ContainerState.FROZEN);
        assertThatThrownBy(stop::join).hasMessageContaining("is being put into quarantine");
    }

    private void assertRefused(ContainerId id, Consumer<ContainerId> verb) {
        assertThatThrownBy(() -> verb.accept(id))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.CONFLICT))
                .hasMessageContaining("'box' is in quarantine: it sends spam; contact the platform's operator");
    }

    private void assertHeld(ContainerId id) {
        assertThat(test.status(id).state()).isEqualTo(ContainerState.FROZEN);
        assertThat(answers(id)).isFalse();
        List<Consumer<ContainerId>> verbs = List.of(
                it -> test.run(it, "true"),
                it -> test.node().thaw(it),
                it -> test.node().freeze(it),
                it -> test.node().start(it),
                it -> test.node().stop(it, Duration.ZERO),
                it -> test.node().restart(it, Duration.ZERO),
                it -> test.node().resize(it, TestNode.SMALL),
                it -> test.node().delete(it));
        verbs.forEach(verb -> assertRefused(id, verb));
    }

    @Test
    void oneCallFreezesCutsTheNetworkClosesLoginsAndKeepsTheFiles() throws IOException {
        ContainerId id = connected();
        assertThat(test.run(id, "echo evidence > /root/file; sync").exit().code())
                .isZero();
        ContainerStatus status = test.node().quarantine(id, REASON);
        assertThat(status.state()).isEqualTo(ContainerState.FROZEN);
        assertHeld(id);
        assertThat(test.node().passport(id).drift()).isEmpty();
        List<SnapshotStatus> snapshots = test.node().snapshots(id);
        assertThat(snapshots).hasSize(1);
        assertThat(snapshots.getFirst().id()).isEqualTo(quarantine(id).snapshot());
        assertThat(Files.readString(kept(id, "root/file"))).isEqualTo("evidence\n");

        assertThat(test.node().quarantine(id, new QuarantineReason("another reason")))
                .as("asked again")
                .isEqualTo(test.status(id));
        assertThat(quarantine(id).reason()).isEqualTo(REASON);
        assertThat(test.node().snapshots(id)).isEqualTo(snapshots);

        assertThat(test.node().release(id).state()).isEqualTo(ContainerState.RUNNING);
        assertThat(test.node().release(id).quarantine()).as("asked again").isNull();
        await().until(() -> answers(id)); // the carrier may take a second: linkwatch, net/core/link_watch.c
        assertThat(test.run(id, "cat /root/file").out()).isEqualTo("evidence\n");
        assertThat(test.node().passport(id).drift()).isEmpty();
        assertThat(test.node().snapshots(id)).isEqualTo(snapshots);
        test.node().delete(id);
        assertThat(snapshotDirectory()).isEmptyDirectory();
    }

    private Path snapshotDirectory() {
        return test.settings().stateDir().resolve("pool/snapshots");
    }

    private Path kept(ContainerId id, String file) {
        Path snapshot = snapshotDirectory().resolve(id + "." + quarantine(id).snapshot());
        return storage == RuntimeSettings.StorageDriver.OVERLAY
                ? snapshot.resolve("upper").resolve(file)
                : snapshot.resolve(file);
    }

    @Test
    void theNextAgentHoldsWhatTheLastOneCut() {
        ContainerId id = connected();
        test.node().quarantine(id, REASON);
        QuarantineStatus before = quarantine(id);
        test.reopen();
        assertHeld(id);
        assertThat(quarantine(id)).isEqualTo(before);
        test.node().release(id);
        await().until(() -> answers(id)); // the carrier may take a second: linkwatch, net/core/link_watch.c
        assertThat(test.run(id, "echo back").out()).isEqualTo("back\n");
    }

    /** As kill -9 right after the first step leaves it: only the record says so. */
    @Test
    void aQuarantineCutShortIsCarriedOutByTheNextAgent() throws IOException {
        ContainerId id = connected();
        test.node().quarantine(id, REASON);
        Path record = record(id);
        String begun = Files.readString(record).replace("\"taken\" : true", "\"taken\" : false");
        test.node().release(id);
        String snapshotBefore = Files.readString(record);
        await().until(() -> answers(id)); // the carrier may take a second: linkwatch, net/core/link_watch.c
        test.node().close();
        Files.writeString(record, begun);
        test.reopen();
        await().until(() -> test.status(id).state() == ContainerState.FROZEN);
        assertHeld(id);
        await().until(() -> quarantine(id).snapshot() != null);
        assertThat(test.node().snapshots(id)).hasSize(1);
        assertThat(snapshotBefore).contains("\"quarantine\" : null");
    }

    @Test
    void aReleaseCutShortIsCarriedOutByTheNextAgent() throws IOException {
        ContainerId id = connected();
        test.node().quarantine(id, REASON);
        test.node().close();
        Path record = record(id);
        Files.writeString(record, Files.readString(record).replace("\"releasing\" : false", "\"releasing\" : true"));
        test.reopen();
        await().until(() -> test.status(id).quarantine() == null);
        assertThat(test.status(id).state()).isEqualTo(ContainerState.RUNNING);
        await().until(() -> answers(id)); // the carrier may take a second: linkwatch, net/core/link_watch.c
    }

    private Path record(ContainerId id) {
        return test.settings().stateDir().resolve("agent/containers/" + id + ".json");
    }

    @Test
    void itHoldsOverTheNodesEndAndStartsOnRelease() {
        ContainerId id = connected();
        test.node().quarantine(id, REASON);
        test.node().shutdown(Duration.ofSeconds(20));
        test.reopen();
        assertThat(test.status(id).state()).isEqualTo(ContainerState.STOPPED);
        assertRefused(id, it -> test.node().start(it));
        assertThat(test.node().snapshots(id)).hasSize(1);
        test.node().release(id);
        await().until(() -> test.status(id).state() == ContainerState.RUNNING);
    }

    @Test
    void whatItsOwnerHadFrozenStaysFrozen() {
        ContainerId id = test.start("box");
        test.node().freeze(id);
        test.node().quarantine(id, REASON);
        assertThat(test.node().release(id).state()).isEqualTo(ContainerState.FROZEN);
        test.node().thaw(id);
        assertThat(test.run(id, "echo back").out()).isEqualTo("back\n");
    }

    /** As an agent wrote them that knew no quarantine. */
    @Test
    void recordsOfAnEarlierVersionAreRead() throws IOException {
        ContainerId id = test.create("box");
        test.node().close();
        Path record = record(id);
        String earlier = Files.readString(record).replaceAll(",\\s*\"quarantine\" : null", "");
        assertThat(earlier).doesNotContain("quarantine");
        Files.writeString(record, earlier);
        test.reopen();
        assertThat(test.status(id).quarantine()).isNull();
    }

    @Test
    void aStoppedContainerIsHeldToo() {
        ContainerId id = test.create("box");
        test.node().quarantine(id, REASON);
        assertRefused(id, it -> test.node().start(it));
        assertThat(quarantine(id).snapshot()).isNotNull();
        assertThat(test.node().release(id).state()).isEqualTo(ContainerState.STOPPED);
    }
}
