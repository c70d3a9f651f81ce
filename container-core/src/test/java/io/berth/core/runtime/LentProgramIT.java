// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.AttachRequest.Subsystem;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.GuestUser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The host's sftp-server in containers that have none, nor any library. Needs root. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LentProgramIT {
    private static final int INIT = 1;
    private static final int VERSION = 2;
    private static final int MKDIR = 14;
    private static final int REALPATH = 16;
    private static final int STATUS = 101;
    private static final int NAME = 104;

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

    private static byte[] packet(int type, Object... fields) {
        var body = new ByteArrayOutputStream();
        body.write(type);
        for (Object field : fields) {
            byte[] bytes = field instanceof String text ? text.getBytes(UTF_8) : new byte[0];
            int number = field instanceof Integer it ? it : bytes.length;
            body.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
            body.writeBytes(bytes);
        }
        return ByteBuffer.allocate(Integer.BYTES + body.size())
                .putInt(body.size())
                .put(body.toByteArray())
                .array();
    }

    private static byte[] read(Fd from, int count) {
        var bytes = new ByteArrayOutputStream();
        while (bytes.size() < count) {
            byte[] more = FileCalls.read(from, count - bytes.size());
            assertThat(more.length).as("the server goes on").isPositive();
            bytes.writeBytes(more);
        }
        return bytes.toByteArray();
    }

    private static ByteBuffer ask(Attachment server, byte[] packet) {
        FileCalls.writeAll(server.fds().get(1), packet);
        int length = ByteBuffer.wrap(read(server.fds().get(2), Integer.BYTES)).getInt();
        return ByteBuffer.wrap(read(server.fds().get(2), length));
    }

    private static String text(ByteBuffer packet) {
        return UTF_8.decode(packet.duplicate()).toString();
    }

    private Attachment sftp(ContainerId id, String user) {
        return test.node().attach(id, new AttachRequest(new GuestUser(user), null, Subsystem.SFTP, null, Map.of()));
    }

    @Test
    void aContainerWithoutOneIsServedByTheHostsAsItsOwnUserInItsOwnFiles() {
        ContainerId id = test.start("box");
        test.run(id, "mkdir -p /home/demo; chown demo /home/demo");
        for (int round = 0; round < 2; round++) { // by accounts that were shown, then by known ones
            try (Attachment server = sftp(id, "demo")) {
                assertThat(ask(server, packet(INIT, 3)).get()).isEqualTo((byte) VERSION);
                ByteBuffer answer = ask(server, packet(REALPATH, 1, "/etc/../home/demo"));
                assertThat(answer.get()).isEqualTo((byte) NAME);
                assertThat(text(answer)).contains("/home/demo");
                ByteBuffer made = ask(server, packet(MKDIR, 2, "/home/demo/by" + round, 0));
                assertThat(made.get()).isEqualTo((byte) STATUS);
                assertThat(made.getInt(5)).as(text(made)).isZero();
                assertThat(ask(server, packet(MKDIR, 3, "/by-demo", 0)).getInt(5))
                        .as("the user's rights, and no more")
                        .isEqualTo(3);
            }
        }
        assertThat(test.run(id, "stat -c %U /home/demo/by0 /home/demo/by1").out())
                .isEqualTo("demo\ndemo\n");
    }

    @Test
    void whatIsLentHoldsNothingOfTheHostsButTheseBytes() {
        ContainerId id = test.start("box");
        try (Attachment server = sftp(id, "root")) {
            ask(server, packet(INIT, 3));
            String open = test.run(id, "for fd in /proc/$(pidof sftp-server)/fd/*; do echo $fd $(readlink $fd); done")
                    .out();
            assertThat(open.lines())
                    .hasSizeGreaterThan(3)
                    .allMatch(
                            line -> line.matches("/proc/[0-9]+/fd/[0-9]+ (pipe:.*|/memfd:sftp-server \\(deleted\\))"));
            for (String line : open.lines().filter(it -> it.contains("memfd")).toList()) {
                String fd = line.substring(0, line.indexOf(' '));
                assertThat(test.run(id, "ls " + fd + "/ || echo x >>" + fd + " || echo no")
                                .out())
                        .as("followed, or written to: " + line)
                        .isEqualTo("no\n");
            }
        }
    }
}
