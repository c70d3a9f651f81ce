// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.agent.ChildJvm;
import io.berth.core.protocol.VolumeStatus;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.MountPath;
import io.berth.core.spec.TenantName;
import io.berth.core.spec.VolumeId;
import io.berth.core.spec.VolumeMount;
import io.berth.core.spec.VolumeName;
import io.berth.core.spec.VolumeSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** SIGKILL of an agent in the middle of each verb on volumes: the next one finishes or undoes it. Needs root. */
class VolumesKilledIT {
    private static final int VERBS = 4;
    /** About as long as a verb takes, so that each kill meets another step of one. */
    private static final int MOST_MICROS = 30_000;

    private static final RuntimeSettings.StorageDriver STORAGE = RuntimeSettings.StorageDriver.BTRFS;

    /** Does the verbs in turn until it is killed, and says which it begins. */
    static final class Busy {
        private Busy() {}

        public static void main(String[] args) throws IOException {
            TestNode test = TestNode.resume(STORAGE, 8);
            ContainerId box = ContainerId.of(args[0]);
            VolumeId kept = VolumeId.of(args[1]);
            while (true) {
                VolumeId fresh = new VolumeId(UUID.randomUUID());
                say("create", () -> test.node().createVolume(fresh, spec("fresh")));
                say(
                        "attach",
                        () -> test.node()
                                .changeVolumes(box, List.of(mount(kept, "/srv/kept"), mount(fresh, "/srv/fresh"))));
                say("detach", () -> test.node().changeVolumes(box, List.of(mount(kept, "/srv/kept"))));
                say("delete", () -> test.node().deleteVolume(fresh));
            }
        }

        private static void say(String verb, Runnable does) {
            System.out.println(verb);
            does.run();
        }
    }

    private static VolumeSpec spec(String name) {
        return new VolumeSpec(new VolumeName(name), new TenantName("tests"), 64L << 20);
    }

    private static VolumeMount mount(VolumeId volume, String path) {
        return new VolumeMount(volume, new MountPath(path), false);
    }

    @Test
    void whatTheRecordsSayIsWhatContainersSee() throws Exception {
        TestNode test = TestNode.open(STORAGE, 8);
        ContainerId box = test.start("box");
        VolumeId kept = new VolumeId(UUID.randomUUID());
        try {
            test.node().createVolume(kept, spec("kept"));
            test.node().changeVolumes(box, List.of(mount(kept, "/srv/kept")));
            assertThat(test.run(box, "echo precious > /srv/kept/file; sync")
                            .exit()
                            .code())
                    .isZero();
            for (int verb = 1; verb <= VERBS; verb++) {
                test.whileAway(killed(box, kept, verb));
                assertWhole(test, box);
            }
        } finally {
            test.node().list().forEach(container -> test.remove(container.id()));
            test.node().volumes().forEach(volume -> test.node().deleteVolume(volume.id()));
            test.close();
        }
    }

    private static Runnable killed(ContainerId box, VolumeId kept, int verb) {
        return () -> {
            try {
                Process process = ChildJvm.builder(
                                Map.of(), ChildJvm.command(Busy.class, box.toString(), kept.toString()))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                    for (int seen = 0; seen < verb; seen++) {
                        assertThat(out.readLine())
                                .as("verb %s of an agent", seen)
                                .isNotNull();
                    }
                    LockSupport.parkNanos(1000L * new Random().nextInt(MOST_MICROS));
                } finally {
                    process.toHandle().destroyForcibly();
                    process.waitFor();
                }
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        };
    }

    private static void assertWhole(TestNode test, ContainerId box) throws IOException {
        Set<String> known = test.node().volumes().stream()
                .map(volume -> volume.id().toString())
                .collect(Collectors.toSet());
        Path state = test.settings().stateDir();
        assertThat(names(state.resolve("pool/volumes"))).isEqualTo(known);
        assertThat(names(state.resolve("pool/building"))).isEmpty();
        assertThat(names(state.resolve("agent/volumes")))
                .isEqualTo(known.stream().map(id -> id + ".json").collect(Collectors.toSet()));
        Set<String> recorded = test.status(box).spec().volumes().stream()
                .map(mount -> mount.volume() + " " + mount.path())
                .collect(Collectors.toSet());
        Set<String> seen = test.run(box, "cat /proc/self/mountinfo")
                .out()
                .lines()
                .map(line -> line.split(" ", -1))
                .filter(fields -> fields[3].startsWith("/volumes/"))
                .map(fields -> fields[3].substring("/volumes/".length()) + " " + fields[4])
                .collect(Collectors.toSet());
        assertThat(seen).isEqualTo(recorded);
        assertThat(test.run(box, "cat /srv/kept/file").out()).isEqualTo("precious\n");
        assertThat(test.node().passport(box).lines())
                .filteredOn(line -> line.item().startsWith("mounts."))
                .noneMatch(line -> line.differs());
        for (VolumeStatus volume : test.node().volumes()) { // each is in a state to go on from
            test.node().resizeVolume(volume.id(), 128L << 20);
        }
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).collect(Collectors.toSet());
        }
    }
}
