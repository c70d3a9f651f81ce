// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.SnapshotStatus;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.ContainerState;
import io.berth.core.spec.ImageId;
import io.berth.core.spec.NetworkMode;
import io.berth.core.spec.QuarantineReason;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.SnapshotName;
import io.berth.core.spec.TenantName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Snapshots of real containers, and what is made of them. Needs root. */
@ParameterizedClass
@EnumSource(RuntimeSettings.StorageDriver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SnapshotsIT {
    private static final Random RANDOM = new Random();

    @Parameter
    RuntimeSettings.StorageDriver storage = RuntimeSettings.StorageDriver.OVERLAY;

    @SuppressWarnings("NullAway.Init") // by open()
    private TestNode test;

    @BeforeParameterizedClassInvocation // @BeforeAll comes before the parameter does
    void open() throws IOException {
        test = TestNode.open(storage, 8);
    }

    @AfterEach
    void deleteAll() {
        test.node().list().forEach(container -> test.remove(container.id()));
        assertThat(pool("snapshots")).isEmptyDirectory();
        assertThat(pool("containers")).isEmptyDirectory();
        assertThat(pool("building")).isEmptyDirectory();
    }

    @AfterParameterizedClassInvocation
    void close() {
        test.close();
    }

    private Path pool(String directory) {
        return test.settings().stateDir().resolve("pool").resolve(directory);
    }

    private Path record(ContainerId id) {
        return test.settings().stateDir().resolve("agent/containers/" + id + ".json");
    }

    private SnapshotId taken(ContainerId id, String name) {
        SnapshotId snapshot = SnapshotId.at(Instant.now(), RANDOM);
        test.node().takeSnapshot(id, snapshot, new SnapshotName(name));
        return snapshot;
    }

    private void write(ContainerId id, String text) {
        assertThat(test.run(id, "echo " + text + " > /root/file && mkdir -p /root/" + text)
                        .exit()
                        .code())
                .isZero();
    }

    private String read(ContainerId id) {
        return test.run(id, "cat /root/file").out().strip();
    }

    private ContainerSpec named(ContainerId source, String name) {
        return test.status(source).spec().with(new ContainerName(name));
    }

    private ContainerId copied(ContainerId source, @Nullable SnapshotId snapshot, String name) {
        ContainerId id = new ContainerId(UUID.randomUUID());
        ContainerStatus copy = test.node().copy(id, named(source, name), source, snapshot);
        assertThat(copy.state()).isEqualTo(ContainerState.STOPPED);
        return id;
    }

    @Test
    void whatARunningContainerWroteSinceIsUndoneByARestore() {
        ContainerId id = test.start("box");
        write(id, "first");
        SnapshotId snapshot = taken(id, "before");
        assertThat(test.status(id).state()).isEqualTo(ContainerState.RUNNING);
        write(id, "second");
        Integer before = test.status(id).initPid();
        assertThat(test.node().restore(id, snapshot).state()).isEqualTo(ContainerState.RUNNING);
        assertThat(test.status(id).initPid()).as("started anew").isNotEqualTo(before);
        assertThat(read(id)).isEqualTo("first");
        assertThat(test.run(id, "ls /root/second").exit().code()).isNotZero();
        write(id, "third");
        test.node().stop(id, Duration.ofSeconds(10));
        assertThat(test.node().restore(id, snapshot).state())
                .as("a stopped one stays so")
                .isEqualTo(ContainerState.STOPPED);
        test.node().start(id);
        assertThat(read(id)).isEqualTo("first");
        assertThat(test.node().snapshots(id)).extracting(SnapshotStatus::id).containsExactly(snapshot);
    }

    @Test
    void aCopyHasTheFilesAndNothingElseInCommon() {
        ContainerId id = test.start("box");
        write(id, "first");
        SnapshotId snapshot = taken(id, "before");
        write(id, "second");
        ContainerId now = copied(id, null, "now");
        ContainerId then = copied(id, snapshot, "then");
        test.node().start(now);
        test.node().start(then);
        assertThat(read(now)).isEqualTo("second");
        assertThat(read(then)).isEqualTo("first");
        assertThat(test.run(then, "hostname; stat -c %u:%g /root/file").out()).isEqualTo("then\n0:0\n");
        assertThat(test.status(then).uidBase()).isNotEqualTo(test.status(id).uidBase());
        assertThat(test.node().snapshots(then)).isEmpty();
        write(then, "third");
        assertThat(read(id)).isEqualTo("second");
        test.node().delete(id);
        assertThat(read(now)).as("lives without its source").isEqualTo("second");
        assertThat(test.node().passport(now).drift()).isEmpty();
    }

    @Test
    void aCopyIsNotTheSameMachine() {
        ContainerId id = test.start("box");
        assertThat(test.run(
                                id,
                                "echo 0123456789abcdef0123456789abcdef > /etc/machine-id; ln /etc/machine-id /root/same")
                        .exit()
                        .code())
                .isZero();
        ContainerId copy = copied(id, null, "copy");
        test.node().start(copy);
        assertThat(test.run(copy, "wc -c < /etc/machine-id").out().strip()).isEqualTo("0");
        assertThat(test.run(id, "wc -c < /etc/machine-id").out().strip()).isEqualTo("33");
    }

    /** What a tenant may put where the identity is: nothing of it leads out of the copy, or holds it up. */
    @Test
    void noLinkPipeOrDirectoryInTheIdentitysPlaceMatters() throws IOException {
        Path outside = Files.writeString(test.settings().runDir().resolve("precious"), "precious");
        ContainerId id = test.start("box");
        for (String evil : new String[] {
            "rm -rf /etc/machine-id; ln -s " + outside + " /etc/machine-id",
            "rm -rf /etc/machine-id; mkfifo /etc/machine-id",
            "rm -rf /etc/machine-id; mkdir /etc/machine-id",
            "mv /etc /real; ln -s " + outside.getParent() + " /etc"
        }) {
            assertThat(test.run(id, evil).exit().code()).as(evil).isZero();
            test.node().delete(copied(id, null, "copy"));
        }
        assertThat(outside).hasContent("precious");
    }

    @Test
    void namesAreUniqueAndTakingTwiceTakesOnce() {
        ContainerId id = test.create("box");
        SnapshotId snapshot = taken(id, "before");
        test.node().takeSnapshot(id, snapshot, new SnapshotName("before"));
        assertThatThrownBy(() -> taken(id, "before"))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.CONFLICT))
                .hasMessageContaining("'before' already");
        assertThat(test.node().snapshots(id))
                .containsExactly(new SnapshotStatus(snapshot, new SnapshotName("before"), snapshot.takenAt()));
        test.node().deleteSnapshot(id, snapshot);
        test.node().deleteSnapshot(id, snapshot);
        assertThat(test.node().snapshots(id)).isEmpty();
        taken(id, "before");
    }

    @Test
    void nobodyCopiesAnotherTenantsFiles() {
        ContainerId id = test.create("box");
        ContainerSpec spec = named(id, "copy");
        ContainerId target = new ContainerId(UUID.randomUUID());
        var others =
                new ContainerSpec(spec.name(), new TenantName("others"), spec.image(), spec.limits(), NetworkMode.NONE);
        assertThatThrownBy(() -> test.node().copy(target, others, id, null)).hasMessageContaining("does not own");
        var image = new ContainerSpec(
                spec.name(), spec.tenant(), new ImageId("sha256:" + "0".repeat(64)), spec.limits(), NetworkMode.NONE);
        assertThatThrownBy(() -> test.node().copy(target, image, id, null))
                .hasMessageContaining("a copy's is its source's");
        ContainerId other = test.create("other");
        SnapshotId ofOther = taken(other, "before");
        assertThatThrownBy(() -> test.node().copy(target, spec, id, ofOther)).hasMessageContaining("has no snapshot");
        assertThatThrownBy(() -> test.node().restore(id, ofOther)).hasMessageContaining("has no snapshot");
        assertThat(test.node().list()).extracting(ContainerStatus::id).containsExactlyInAnyOrder(id, other);
    }

    @Test
    void evidenceIsASnapshotLikeOthersAndIsLeftAlone() {
        ContainerId id = test.start("box");
        write(id, "evidence");
        test.node().quarantine(id, new QuarantineReason("it sends spam"));
        SnapshotStatus evidence = test.node().snapshots(id).getFirst();
        assertThat(evidence.name().value()).startsWith("quarantine-");
        assertThatThrownBy(() -> test.node().deleteSnapshot(id, evidence.id())).hasMessageContaining("in quarantine");
        assertThatThrownBy(() -> test.node().restore(id, evidence.id())).hasMessageContaining("in quarantine");
        assertThatThrownBy(() -> copied(id, evidence.id(), "copy")).hasMessageContaining("in quarantine");
        assertThatThrownBy(() -> taken(id, "more")).hasMessageContaining("in quarantine");
        test.node().release(id);
        write(id, "later");
        test.node().restore(id, evidence.id());
        assertThat(read(id)).isEqualTo("evidence");
    }

    @Test
    void aStoppedContainerTakesAnotherName() {
        ContainerId id = test.start("box");
        assertThatThrownBy(() -> test.node().rename(id, new ContainerName("blog")))
                .hasMessageContaining("stop it first");
        test.node().stop(id, Duration.ZERO);
        assertThat(test.node()
                        .rename(id, new ContainerName("blog"))
                        .spec()
                        .name()
                        .value())
                .isEqualTo("blog");
        test.reopen();
        test.node().start(id);
        assertThat(test.run(id, "hostname").out().strip()).isEqualTo("blog");
    }

    /** As kill -9 leaves it between the note and the files, and between the files and the note. */
    @Test
    void theNextAgentFinishesOrUndoesWhatTheRecordAndThePoolDisagreeOn() throws IOException {
        ContainerId id = test.create("box");
        SnapshotId half = taken(id, "half");
        SnapshotId whole = taken(id, "whole");
        SnapshotId unnoted = taken(id, "unnoted");
        test.whileAway(() -> {
            edit(id, "\"taken\" : true", "\"taken\" : false");
            edit(
                    id,
                    unnoted.toString(),
                    SnapshotId.at(Instant.now().plusSeconds(9), RANDOM).toString());
        });
        assertThat(test.node().snapshots(id)).extracting(SnapshotStatus::id).containsExactly(half, whole, unnoted);
        assertThat(test.node().snapshots(id).getLast().name().value()).startsWith("quarantine-");
        test.node().deleteSnapshot(id, half);
        String record = Files.readString(record(id));
        test.node().deleteSnapshot(id, whole);
        test.whileAway(() -> write(record(id), record));
        assertThat(test.node().snapshots(id)).extracting(SnapshotStatus::id).containsExactly(unnoted);
    }

    private void edit(ContainerId id, String from, String to) {
        try {
            write(record(id), Files.readString(record(id)).replace(from, to));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aContainerThatWasFrozenForACopyAloneIsThawedByTheNextAgent() {
        ContainerId id = test.start("box");
        test.node().freeze(id);
        test.whileAway(() -> edit(id, "\"copying\" : false", "\"copying\" : true"));
        assertThat(test.status(id).state()).isEqualTo(ContainerState.RUNNING);
        assertThat(test.run(id, "echo back").out()).isEqualTo("back\n");
    }
}
