// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.linux.FileCalls;
import io.berth.core.protocol.PtyRequest;
import io.berth.core.protocol.Reply;
import io.berth.core.spec.ContainerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A hostile container root waits for the process of a login while that is still the agent's. Needs root. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NewcomerIT {
    private static final int LOGINS = 40;
    private static final PtyRequest PTY = new PtyRequest("vt100", 80, 24, 0, 0, new byte[] {0});

    private TestNode test;

    @BeforeAll
    void open() throws IOException {
        test = TestNode.open(RuntimeSettings.StorageDriver.OVERLAY, 8);
    }

    @AfterEach
    void deleteAll() {
        test.node().list().forEach(container -> test.node().delete(container.id()));
    }

    @AfterAll
    void close() {
        test.close();
    }

    /** Its memory, descriptors and program are the agent's: CVE-2016-9962, nsenter and ptrace of the helper. */
    @Test
    void processOnItsWayInIsOutOfReach() throws IOException {
        ContainerId id = Probe.install(test, test.start("box"));
        String watched = watchedLogins(id, "root");
        assertThat(watched).doesNotContain("reached", "overwritten");
        assertThat(seen(watched)).as("logins caught in time of %d", LOGINS).isPositive();
    }

    /** CVE-2019-5736: a shell that is a link to whatever executes it. */
    @Test
    void programOfTheAgentCannotBeOverwritten() throws IOException {
        ContainerId id = Probe.install(test, test.start("box"));
        test.run(id, """
                printf '#!/proc/self/exe\\n' > /bin/evil; chmod 755 /bin/evil
                sed -i 's|^demo:.*|demo:x:1000:1000::/:/bin/evil|' /etc/passwd
                """);
        String watched = watchedLogins(id, "demo");
        assertThat(watched).doesNotContain("overwritten");
        assertThat(seen(watched)).as("logins caught in time of %d", LOGINS).isPositive();
        assertThat(test.run(id, "echo alive").out()).isEqualTo("alive\n");
    }

    /** runc's CVE-2019-16884, CVE-2025-52881 and others: a /proc or /dev of the container's own making. */
    @Test
    void loginTrustsNothingThatIsMountedInside() throws IOException {
        ContainerId id = test.start("box");
        test.run(id, """
                mount -t tmpfs none /proc; mkdir -p /proc/self/fd /proc/self/attr; ln -s /etc/shadow /proc/self/fd/0
                mount -t tmpfs none /sys; mount -t tmpfs none /dev/pts; mkfifo /dev/pts/ptmx /dev/pts/0
                mount --bind /etc /dev/shm; mount -t tmpfs none /dev
                """);
        assertThat(test.run(id, "demo", "echo alive").out()).isEqualTo("alive\n");
        try (Attachment attachment = test.attach(id, "root", "stty size", PTY)) {
            assertThat(TestNode.exit(attachment)).isEqualTo(new Reply.Exited(0, null));
        }
    }

    @Test
    void mountsInsideAreNotSeenOutside() throws IOException {
        ContainerId id = test.start("box");
        String mark = "mark-" + id;
        TestNode.Result result = test.run(
                id, "mount --make-rshared / && mount -t tmpfs " + mark + " /home && grep -c mark- /proc/mounts");
        assertThat(result.out()).isEqualTo("1\n");
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(mark);
    }

    private String watchedLogins(ContainerId id, String user) {
        try (Attachment watch = test.attach(id, "root", "exec /usr/bin/probe watch", null)) {
            assertThat(new String(FileCalls.read(watch.fds().get(2), 9), UTF_8)).isEqualTo("watching\n");
            for (int i = 0; i < LOGINS; i++) {
                test.run(id, user, "true");
            }
            watch.fds().get(1).close();
            return new String(FileCalls.readAll(watch.fds().get(2)), UTF_8);
        }
    }

    private static int seen(String watched) {
        return Integer.parseInt(
                watched.substring(watched.lastIndexOf("seen: ") + 6).strip());
    }
}
