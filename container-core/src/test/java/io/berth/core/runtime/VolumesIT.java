// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Sys;
import io.berth.core.protocol.PassportLine;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.VolumeStatus;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerState;
import io.berth.core.spec.MountPath;
import io.berth.core.spec.NetworkMode;
import io.berth.core.spec.TenantName;
import io.berth.core.spec.VolumeId;
import io.berth.core.spec.VolumeMount;
import io.berth.core.spec.VolumeName;
import io.berth.core.spec.VolumeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Volumes that several containers have, that come and go, and that nobody gets more of than was attached. Needs root. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VolumesIT {
    private static final long MIB = 1L << 20;
    private static final TenantName TENANT = new TenantName("tests");
    private static final MountPath SRV = new MountPath("/srv/data");

    private TestNode test;

    @BeforeAll
    void open() throws IOException {
        test = TestNode.open(RuntimeSettings.StorageDriver.BTRFS, 8);
    }

    @AfterEach
    void deleteAll() {
        test.node().list().forEach(container -> test.remove(container.id()));
        test.node().volumes().forEach(volume -> test.node().deleteVolume(volume.id()));
    }

    @AfterAll
    void close() {
        test.close();
    }

    private VolumeId volume(String name) {
        return volume(name, TENANT);
    }

    private VolumeId volume(String name, TenantName tenant) {
        VolumeId id = new VolumeId(UUID.randomUUID());
        test.node().createVolume(id, new VolumeSpec(new VolumeName(name), tenant, 64 * MIB));
        return id;
    }

    private void attach(ContainerId container, VolumeId volume, boolean readOnly) {
        test.node().changeVolumes(container, List.of(new VolumeMount(volume, SRV, readOnly)));
    }

    private String out(ContainerId container, String command) {
        TestNode.Result result = test.run(container, command);
        assertThat(result.exit().code()).as(command + ": " + result.err()).isZero();
        return result.out();
    }

    private @Nullable Integer code(ContainerId container, String command) {
        return test.run(container, command).exit().code();
    }

    private PassportLine passport(ContainerId id, String item) {
        return test.node().passport(id).lines().stream()
                .filter(line -> line.item().equals(item))
                .findFirst()
                .orElseThrow();
    }

    private VolumeStatus status(VolumeId id) {
        return test.node().volumes().stream()
                .filter(volume -> volume.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void containersOfDifferentRangesSeeTheSameOwners() throws IOException {
        VolumeId volume = volume("shared");
        ContainerId one = test.create("one");
        attach(one, volume, false);
        test.node().start(one);
        ContainerId two = test.start("two");
        attach(two, volume, false);
        assertThat(test.status(one).uidBase()).isNotEqualTo(test.status(two).uidBase());
        out(one, "echo hello > /srv/data/root; echo hers > /srv/data/hers; chown 1000:1001 /srv/data/hers");
        assertThat(out(two, "cd /srv/data; stat -c '%n %u:%g' . root hers; cat root"))
                .isEqualTo(". 0:0\nroot 0:0\nhers 1000:1001\nhello\n");
        assertThat(code(two, "rm /srv/data/hers")).isZero();
        assertThat(out(one, "ls /srv/data")).isEqualTo("root\n");
        Path onDisk = test.settings().stateDir().resolve("pool/volumes/" + volume + "/root");
        assertThat(Files.getAttribute(onDisk, "unix:uid")).as("unshifted").isEqualTo(0);
        assertThat(status(volume).attachedTo()).containsExactlyInAnyOrder(one, two);
        assertThat(passport(two, "mounts.volumes").differs()).isFalse();
        assertThat(passport(two, "mounts.of_host").differs()).isFalse();
    }

    /** KERNEL.md's pitfall: what is moved straight into a container, its root can remount. Both ways in are tried. */
    @Test
    void readOnlyStaysSoWhateverRootTries() {
        VolumeId volume = volume("fixed");
        ContainerId writer = test.start("writer");
        attach(writer, volume, false);
        out(writer, "echo kept > /srv/data/file");
        ContainerId born = test.create("born");
        attach(born, volume, true);
        test.node().start(born);
        ContainerId plugged = test.start("plugged");
        attach(plugged, volume, true);
        for (ContainerId reader : List.of(born, plugged)) {
            assertThat(out(reader, "cat /srv/data/file")).isEqualTo("kept\n");
            assertThat(code(reader, "echo no > /srv/data/file")).isNotZero();
            assertThat(code(reader, "mount -o remount,bind,rw /srv/data")).isNotZero();
            assertThat(code(reader, "mount -o remount,bind,ro,suid /srv/data")).isNotZero();
            assertThat(code(reader, "mount -o remount,bind,ro,dev /srv/data")).isNotZero();
            out(reader, "mkdir -p /mnt/copy; mount -o bind /srv/data /mnt/copy");
            assertThat(code(reader, "mount -o remount,bind,rw /mnt/copy")).isNotZero();
            assertThat(code(reader, "unshare -m sh -c 'mount -o remount,bind,rw /srv/data'"))
                    .isNotZero();
            assertThat(code(reader, "echo no > /mnt/copy/file")).isNotZero();
            assertThat(passport(reader, "mounts.volumes").differs()).isFalse();
        }
        assertThat(out(writer, "cat /srv/data/file")).isEqualTo("kept\n");
    }

    /** Root of one container could otherwise make a user of another root there. */
    @Test
    void setuidHasNoEffectInIt() {
        ContainerId id = test.start("box");
        attach(id, volume("plain"), false);
        for (String place : List.of("/usr/bin", "/srv/data")) {
            String program = place + "/be-root";
            out(id, Program.install(program, Sys.SETRESUID, 0L, 0L, 0L) + " && chmod 4755 " + program);
        }
        assertThat(test.run(id, "demo", "/usr/bin/be-root").exit().code()).isZero();
        assertThat(test.run(id, "demo", "/srv/data/be-root").exit().code()).isEqualTo(Errno.EPERM.number());
    }

    @Test
    void comesAndGoesWhileTheContainerRunsAndOverItsRestart() {
        VolumeId volume = volume("plug");
        ContainerId id = test.start("box");
        attach(id, volume, false);
        attach(id, volume, false); // asking again changes nothing
        assertThat(out(id, "grep -c ' /srv/data ' /proc/self/mountinfo")).isEqualTo("1\n");
        out(id, "echo here > /srv/data/file; mkdir /b; mount -o bind /srv/data /b");
        test.node().restart(id, Duration.ZERO);
        assertThat(out(id, "cat /srv/data/file")).isEqualTo("here\n");
        out(id, "mount -o bind /srv/data /b");
        test.node().changeVolumes(id, List.of(new VolumeMount(volume, new MountPath("/opt/elsewhere"), true)));
        assertThat(out(id, "cat /opt/elsewhere/file; ls /srv/data /b")).isEqualTo("here\n/b:\n\n/srv/data:\n");
        test.node().changeVolumes(id, List.of());
        assertThat(out(id, "ls /opt/elsewhere; grep -c elsewhere /proc/self/mountinfo || true"))
                .isEqualTo("0\n");
        assertThat(passport(id, "mounts.of_host").differs()).isFalse();
        test.node().restart(id, Duration.ZERO);
        assertThat(out(id, "ls /opt/elsewhere /srv/data")).doesNotContain("file");
    }

    /** Nothing of the host's is opened, whatever the container's root puts in the way. */
    @Test
    void aLinkAtThePathLeadsNowhere() throws IOException {
        VolumeId volume = volume("hostile");
        ContainerId id = test.start("box");
        Path outside = Files.createTempDirectory("berth-outside");
        for (String target : List.of(outside.toString(), "/proc/self/fd/3", "/proc/1/root", "../../..", "/etc")) {
            out(id, "rm -rf /srv; ln -s " + target + " /srv");
            assertThatThrownBy(() -> attach(id, volume, false))
                    .isInstanceOfSatisfying(
                            ContainerException.class,
                            e -> assertThat(e.refusal()).isEqualTo(Refusal.CONFLICT))
                    .hasMessageContaining("/srv/data");
            out(id, "rm /srv; mkdir /srv; ln -s " + target + " /srv/data");
            assertThatThrownBy(() -> attach(id, volume, false)).hasMessageContaining("/srv/data");
        }
        assertThat(outside).isEmptyDirectory();
        assertThat(out(id, "grep -c volumes /proc/self/mountinfo || true")).isEqualTo("0\n");
        assertThat(test.status(id).spec().volumes()).isEmpty();
        out(id, "rm /srv/data");
        attach(id, volume, false);
        assertThat(code(id, "touch /srv/data/file")).isZero();
        test.node().stop(id, Duration.ZERO);
        Files.delete(outside);
    }

    @Test
    void holdsItsSizeAgainstContainerRoot() {
        VolumeId volume = volume("small");
        ContainerId id = test.start("box");
        attach(id, volume, false);
        String fill = "dd if=/dev/urandom of=/srv/data/%s bs=1M count=%s 2>&1; sync";
        assertThat(test.run(id, fill.formatted("file", 80)).out()).contains("quota exceeded");
        assertThat(status(volume).disk().limited()).isTrue();
        assertThat(status(volume).disk().bytes()).isBetween(50 * MIB, 64 * MIB);
        assertThat(code(id, "dd if=/dev/urandom of=/root/own bs=1M count=5 2>&1; sync"))
                .as("the container's own disk is another's matter")
                .isZero();
        test.node().resizeVolume(volume, 128 * MIB);
        assertThat(test.run(id, fill.formatted("more", 40)).out()).doesNotContain("quota exceeded");
        assertThatThrownBy(() -> test.node().resizeVolume(volume, 64 * MIB)).hasMessageContaining("delete files");
    }

    @Test
    void outlivesContainersAndGoesWhenNobodyHasIt() {
        VolumeId volume = volume("lasting");
        ContainerId first = test.start("first");
        attach(first, volume, false);
        out(first, "echo lasting > /srv/data/file; sync");
        assertThatThrownBy(() -> test.node().deleteVolume(volume))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.CONFLICT))
                .hasMessageContaining("detach it first");
        test.node().delete(first);
        ContainerId second = test.create("second");
        attach(second, volume, true);
        assertThatThrownBy(() -> test.node().deleteVolume(volume)).hasMessageContaining(second.toString());
        test.reopen();
        test.node().start(second);
        assertThat(out(second, "cat /srv/data/file")).isEqualTo("lasting\n");
        test.node().changeVolumes(second, List.of());
        test.node().deleteVolume(volume);
        test.node().deleteVolume(volume); // asking again changes nothing
        assertThat(test.node().volumes()).isEmpty();
        assertThat(test.settings().stateDir().resolve("pool/volumes")).isEmptyDirectory();
        assertThat(test.settings().stateDir().resolve("agent/volumes")).isEmptyDirectory();
    }

    @Test
    void isItsTenantsAlone() {
        VolumeId theirs = volume("theirs", new TenantName("others"));
        ContainerId id = test.start("box");
        assertThatThrownBy(() -> attach(id, theirs, true))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.INVALID))
                .hasMessageContaining("volumes");
        assertThatThrownBy(() -> attach(id, new VolumeId(UUID.randomUUID()), true))
                .hasMessageContaining("no volume");
        assertThat(test.status(id).spec().volumes()).isEmpty();
    }

    /** The record comes first, so that an agent that died between it and the mounts leaves what the next one finishes. */
    @Test
    void theNextAgentFinishesWhatWasBegun() throws IOException {
        VolumeId gone = volume("gone");
        VolumeId coming = volume("coming");
        ContainerId id = test.start("box");
        attach(id, gone, false);
        Path record = test.settings().stateDir().resolve("agent/containers/" + id + ".json");
        Path half = test.settings().stateDir().resolve("agent/volumes");
        VolumeId unmade = new VolumeId(UUID.randomUUID());
        test.whileAway(() -> {
            try {
                Files.writeString(record, Files.readString(record).replace(gone.toString(), coming.toString()));
                Files.writeString(
                        half.resolve(unmade + ".json"),
                        Files.readString(half.resolve(coming + ".json"))
                                .replace(coming.toString(), unmade.toString())
                                .replace("READY", "CREATING"));
                Files.writeString(half.resolve("unfinished.json.new"), "{");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(out(id, "grep -c '/volumes/" + coming + " /srv/data ' /proc/self/mountinfo"))
                .isEqualTo("1\n");
        assertThat(out(id, "grep -c '/volumes/" + gone + " ' /proc/self/mountinfo || true"))
                .isEqualTo("0\n");
        test.node().deleteVolume(gone);
        assertThat(test.node().volumes()).extracting(VolumeStatus::id).containsExactly(coming);
        assertThat(Set.of(half.toFile().list())).containsExactly(coming + ".json");
        assertThat(passport(id, "mounts.of_host").differs()).isFalse();
    }

    /** The kernel writes a blank as four characters, twice for each mount; the agent's memory is everybody's. */
    @Test
    void aFloodOfMountsHoldsUpItsContainerAlone() {
        ContainerId flooded = test.start("flooded");
        out(
                flooded,
                "name=$(printf '%250s' ''); n=0; while [ $n -lt 12 ]; do mkdir \"$name\"; cd \"$name\"; n=$((n + 1)); done;"
                        + " n=0; while [ $n -lt 100 ]; do mount -o bind . .; n=$((n + 1)); done");
        assertThatThrownBy(() -> attach(flooded, volume("unseen"), false))
                .hasMessageContaining("so many mounts that their list is longer than 2 MiB");
        ContainerId other = test.start("other");
        test.whileAway(() -> {});
        attach(other, volume("seen"), false);
        assertThat(out(other, "ls -d /srv/data")).isEqualTo("/srv/data\n");
        assertThat(test.status(flooded).state()).isEqualTo(ContainerState.RUNNING);
    }

    @Test
    void aVolumeThatWasHiddenElsewhereShowsInThePassport() {
        VolumeId volume = volume("hidden");
        ContainerId id = test.start("box");
        attach(id, volume, false);
        out(
                id,
                "mkdir -p /x/y; mount -t tmpfs none /x; mkdir /x/y; mount -o bind /srv/data /x/y; mount -t tmpfs none /x");
        assertThatThrownBy(() -> test.node().changeVolumes(id, List.of()))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.CONFLICT))
                .hasMessageContaining("/x/y");
        assertThat(test.status(id).spec().volumes()).hasSize(1);
        out(id, "umount /x");
        test.node().changeVolumes(id, List.of());
        assertThat(passport(id, "mounts.of_host").differs()).isFalse();
    }

    @Test
    void isThereWithoutANetworkAndInEveryShell() {
        VolumeId volume = volume("plain");
        ContainerId id = test.create("box", TestNode.SMALL, NetworkMode.NONE);
        attach(id, volume, false);
        assertThat(test.node().describeBirth(id)).contains("attach the volume at /srv/data");
        test.node().start(id);
        out(id, "touch /srv/data/file");
        assertThat(out(id, "umount /srv/data; ls /srv/data"))
                .as("its own to unmount")
                .isEmpty();
    }
}
