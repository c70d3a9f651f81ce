// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.linux.FileCalls;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a container's files say is followed by a process that has just come from the host. /proc/self/fd/N must not lead back:
 * CVE-2024-21626 ("Leaky Vessels": the working directory is a leaked descriptor) and its variants, in which the program is
 * reached that way. Needs root.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DescriptorsIT {
    /** Those that a process of ours is born with, and those that a {@link ForkLoop} has of its own. */
    private static final int[] FDS = IntStream.concat(
                    IntStream.range(0, 32), IntStream.range(ForkLoop.FIRST_OWN_FD, ForkLoop.FIRST_OWN_FD + 4))
            .toArray();

    private static final String UP = "/..".repeat(20);

    @TempDir
    private static Path outside;

    private TestNode test;

    @BeforeAll
    void open() throws IOException {
        test = TestNode.open(RuntimeSettings.StorageDriver.OVERLAY, 8);
        Files.setPosixFilePermissions(outside, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.copy(Path.of("/bin/busybox"), outside.resolve("sh"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(outside.resolve("passwd"), "stranger:x:0:0::/:/bin/sh\nroot:x:0:0::/:/bin/sh\n");
    }

    @AfterEach
    void deleteAll() {
        test.node().list().forEach(container -> test.node().delete(container.id()));
    }

    @AfterAll
    void close() {
        test.close();
    }

    @Test
    void homeDirectoryIsTheContainersOwn() {
        ContainerId id = test.start("box");
        String root = test.run(id, "stat -c %d:%i /").out();
        for (int fd : FDS) {
            test.run(id, "sed -i 's|^demo:.*|demo:x:1000:1000::/proc/self/fd/%d:/bin/sh|' /etc/passwd".formatted(fd));
            assertThat(test.run(id, "demo", "stat -c %d:%i .").out())
                    .as("the working directory when the home directory is /proc/self/fd/%d", fd)
                    .isEqualTo(root);
        }
    }

    @Test
    void shellIsTheContainersOwn() {
        ContainerId id = test.start("box");
        for (int fd : FDS) {
            String shell = "/proc/self/fd/" + fd + UP + outside + "/sh";
            test.run(id, "sed -i 's|^demo:.*|demo:x:1000:1000::/:%s|' /etc/passwd".formatted(shell));
            assertThat(refusal(() -> test.run(id, "demo", "true"))).as(shell).containsAnyOf("ENOENT", "ENOTDIR");
        }
    }

    @Test
    void accountsAreTheContainersOwn() {
        ContainerId id = test.start("box");
        try (Attachment shell = test.attach(id, "root", "exec sh", null)) {
            for (int fd : FDS) {
                String passwd = "/proc/self/fd/" + fd + UP + outside + "/passwd";
                say(shell, "ln -sf " + passwd + " /etc/passwd; echo");
                assertThat(refusal(() -> test.run(id, "stranger", "true")))
                        .as(passwd)
                        .contains("no user 'stranger'");
            }
        }
    }

    /** To a shell that came in while there was an account to log in to; the command answers with one byte. */
    private static void say(Attachment shell, String command) {
        FileCalls.writeAll(shell.fds().get(1), (command + "\n").getBytes(UTF_8));
        FileCalls.read(shell.fds().get(2), 1);
    }

    @Test
    void initIsTheContainersOwn() throws IOException {
        ContainerId id = test.create("box");
        for (int fd : FDS) {
            String init = "/proc/self/fd/" + fd + UP + outside + "/sh";
            plant(id, "sbin/init", init);
            assertThat(refusal(() -> test.node().start(id))).as(init).containsAnyOf("ENOENT", "ENOTDIR", "EACCES");
            assertThat(test.status(id).state()).isEqualTo(ContainerState.STOPPED);
        }
    }

    /** Into the overlay's upper directory: inside, nothing is left that could do it. */
    private void plant(ContainerId id, String link, String target) throws IOException {
        Path upper = test.settings().stateDir().resolve("pool/containers/" + id + "/upper");
        Files.createDirectories(upper.resolve(link).getParent());
        Files.deleteIfExists(upper.resolve(link));
        Files.createSymbolicLink(upper.resolve(link), Path.of(target));
    }

    private static String refusal(Runnable attempt) {
        try {
            attempt.run();
            return "nothing was refused";
        } catch (ContainerException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
