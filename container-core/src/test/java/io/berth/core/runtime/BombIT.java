// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.core.linux.FileCalls;
import io.berth.core.protocol.PtyRequest;
import io.berth.core.protocol.Reply;
import io.berth.core.protocol.UsageStatus;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerState;
import io.berth.core.spec.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One container takes all that it can get of something. Its limit holds, its neighbour and the node go on, and it can be stopped and
 * started anew. The limits are low, so that a failure harms the machine little. Needs root.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BombIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Limits LOW = new Limits(64L << 20, 500, 100);
    private static final long POOL_BYTES = 256L << 20; // the least that the agent makes
    private static final PtyRequest PTY = new PtyRequest("vt100", 80, 24, 0, 0, new byte[] {0});
    private static final Reply.Exited DONE = new Reply.Exited(0, null);

    private TestNode test;
    private ContainerId neighbour;
    private ContainerId hog;

    @BeforeAll
    void open() throws IOException {
        test = TestNode.openWithPoolOf(POOL_BYTES);
    }

    @BeforeEach
    void startBoth() throws IOException {
        neighbour = test.start("neighbour");
        hog = test.create("hog", LOW);
        test.node().start(hog);
        Probe.install(test, hog);
    }

    @AfterEach
    void deleteBoth() {
        test.node().list().forEach(container -> test.node().delete(container.id()));
    }

    @AfterAll
    void close() {
        test.close();
    }

    /** What stops each is beside it; "enough" means that nothing does but the memory limit, to which the kernel charges each. */
    @ParameterizedTest
    @CsvSource({
        "process,      1000, EAGAIN", // pids.max
        "memory,        200, SIGKILL", // memory.max
        "dev-inode,    5000, ENOSPC", // nr_inodes of DeviceDirectory's tmpfs
        "inotify,      5000, EMFILE", // fs.inotify.max_user_instances, for each container's own uid
        "pty,          5000, ENOSPC", // max= of PseudoTerminals
        "cgroup,       5000, EAGAIN", // cgroup.max.descendants
        "fd,         100000, EMFILE", // RLIMIT_NOFILE, for each process
        "inode,        3000, enough",
        "mount,         500, enough",
        "netns,         200, enough"
    })
    void limitHoldsAndOthersGoOn(String kind, int most, String end) {
        try (Attachment bomb = bomb(kind, most)) {
            String[] told = answer(bomb).split(" ", -1);
            assertThat(end.split(" ", -1))
                    .as("what ended %s after %s", kind, told[0])
                    .contains(told[1]);
            othersGoOn();
            if (!told[1].equals("SIGKILL")) { // who was ended holds nothing any more
                figuresShowWho(kind, end.equals("enough"));
            }
            assertThat(test.node().inspect(hog).state()).isEqualTo(ContainerState.RUNNING);
        }
        recovers();
    }

    /** A container at its limit of processes lets nobody in, says so with the cure, and is none the worse for others. */
    @Test
    void fullContainerSaysWhyNobodyGetsIn() {
        try (Attachment bomb = bomb("process", 1000)) {
            assertThat(answer(bomb)).endsWith("EAGAIN");
            assertThat(catchMessage(() -> test.run(hog, "true"))).contains("pids limit");
            othersGoOn();
        }
        recovers();
    }

    /** A tmpfs can't be reclaimed: the kernel ends the container's processes, and no one else's. */
    @Test
    void memoryInATmpfsCountsToo() {
        try (Attachment bomb = bomb("shm", 200)) {
            assertThat(answer(bomb)).isIn("", "0 SIGKILL"); // whom the kernel chooses: the hog itself, or all
            othersGoOn();
        }
        recovers();
    }

    /**
     * What is promised to all may be more than there is, as memory's may: then the host's own disk isn't filled, logins and verbs work on,
     * and deleting the one who did it mends it.
     */
    @Test
    void fullPoolIsMendedByDeletingTheHog() throws IOException {
        try (Attachment bomb = bomb("disk", 1000)) {
            assertThat(answer(bomb)).endsWith("ENOSPC");
            othersGoOn();
            assertThat(Files.size(test.settings().stateDir().resolve("pool.btrfs")))
                    .isEqualTo(POOL_BYTES);
        }
        test.node().stop(hog, Duration.ZERO);
        test.node().delete(hog);
        await().atMost(LONG)
                .until(() -> test.run(neighbour, "echo kept > /root/file && sync && cat /root/file")
                        .out()
                        .equals("kept\n"));
    }

    private Attachment bomb(String kind, int most) {
        return test.attach(hog, "root", "exec /usr/bin/probe bomb " + kind + " " + most, null);
    }

    private static String answer(Attachment bomb) {
        return new String(FileCalls.read(bomb.fds().get(2), 100), UTF_8).strip();
    }

    private void othersGoOn() {
        assertThat(test.run(neighbour, "echo alive; : > /proc/self/comm").out()).isEqualTo("alive\n");
        try (Attachment terminal = test.attach(neighbour, "root", "tty", PTY)) {
            assertThat(TestNode.exit(terminal)).isEqualTo(DONE);
        }
        assertThat(test.node().list()).hasSize(2);
    }

    /** By what its processes are many in, or else by the memory that the kernel charges it: never the neighbour. */
    private void figuresShowWho(String kind, boolean isBoundByMemoryAlone) {
        UsageStatus its = test.node().usage(hog);
        UsageStatus others = test.node().usage(neighbour);
        if (isBoundByMemoryAlone) { // of what another limit ends, too little is held to stand out from what is read
            // meanwhile
            assertThat(its.memoryBytes()).as("memory of %s", kind).isGreaterThan(others.memoryBytes());
        }
        if (kind.equals("process")) {
            assertThat(its.pids()).isEqualTo(LOW.pids());
        }
        assertThat(others.pids()).isLessThan(20);
        assertThat(test.node().usages()).extracting(UsageStatus::id).containsExactlyInAnyOrder(hog, neighbour);
    }

    private void recovers() {
        test.node().stop(hog, Duration.ZERO);
        test.node().start(hog);
        assertThat(test.run(hog, "echo alive").out()).isEqualTo("alive\n");
    }

    private static String catchMessage(Runnable attempt) {
        try {
            attempt.run();
            return "";
        } catch (ContainerException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
