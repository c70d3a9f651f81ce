// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.sftp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.berth.gateway.audit.AuditEvent;
import io.berth.gateway.audit.AuditEvent.Where;
import io.berth.gateway.audit.AuditEvent.Who;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SftpAuditTest {
    private final List<AuditEvent> events = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final SftpAudit audit =
            new SftpAudit(events::add, new Who("demo", "SHA256:x", "web", "192.0.2.7"), Where.NOWHERE, nanos::get);

    /** Packets, one after the other. */
    private static final class Packets {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Packets with(int type, Object... fields) {
            var body = new ByteArrayOutputStream();
            body.write(type);
            for (Object field : fields) {
                switch (field) {
                    case Integer number ->
                        body.writeBytes(ByteBuffer.allocate(4).putInt(number).array());
                    case Long number ->
                        body.writeBytes(ByteBuffer.allocate(8).putLong(number).array());
                    case String text -> {
                        byte[] utf8 = text.getBytes(UTF_8);
                        body.writeBytes(
                                ByteBuffer.allocate(4).putInt(utf8.length).array());
                        body.writeBytes(utf8);
                    }
                    default -> throw new IllegalArgumentException(String.valueOf(field));
                }
            }
            bytes.writeBytes(ByteBuffer.allocate(4).putInt(body.size()).array());
            bytes.writeBytes(body.toByteArray());
            return this;
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }
    }

    private void ask(int type, Object... fields) {
        byte[] packet = new Packets().with(type, fields).bytes();
        audit.toServer(packet, 0, packet.length);
    }

    private void answer(int type, Object... fields) {
        byte[] packet = new Packets().with(type, fields).bytes();
        audit.toClient(packet, 0, packet.length);
    }

    private void status(int id, int code) {
        answer(Protocol.STATUS, id, code, "words", "en");
    }

    private List<String> told() {
        return events.stream()
                .map(event -> event.outcome() + " " + event.what())
                .toList();
    }

    @Test
    void aFileIsToldOnceItIsClosedWithWhatWentEachWay() {
        ask(Protocol.OPEN, 1, "/a \"b\"", 3, 0);
        answer(Protocol.HANDLE, 1, "h\0");
        ask(Protocol.READ, 2, "h\0", 0L, 100);
        ask(Protocol.READ, 3, "h\0", 100L, 100);
        ask(Protocol.WRITE, 4, "h\0", 0L, "x".repeat(32_768));
        answer(Protocol.DATA, 2, "y".repeat(100));
        status(3, 1); // end of file
        status(4, Protocol.OK);
        ask(Protocol.FSETSTAT, 5, "h\0", 4, 0100600);
        status(5, Protocol.OK);
        assertThat(told()).containsExactly("DONE setstat \"/a \\\"b\\\"\" mode=0600");
        ask(Protocol.CLOSE, 6, "h\0");
        status(6, Protocol.OK);
        AuditEvent file = events.getLast();
        assertThat(file.what()).isEqualTo("open \"/a \\\"b\\\"\" for both");
        assertThat(file.bytesOut()).isEqualTo(100);
        assertThat(file.bytesIn()).isEqualTo(32_768);
        audit.end();
        assertThat(events).hasSize(2);
    }

    @Test
    void actsHaveTheirNamesAndTheServersAnswer() {
        ask(Protocol.SETSTAT, 1, "/f", 15, 7L, 1000, 1001, 0644, 1, 2);
        status(1, Protocol.OK);
        ask(Protocol.EXTENDED, 2, "posix-rename@openssh.com", "/a", "/b");
        status(2, Protocol.PERMISSION_DENIED);
        ask(Protocol.EXTENDED, 3, "hardlink@openssh.com", "/a", "/c");
        status(3, 4);
        ask(Protocol.SYMLINK, 4, "target", "/link");
        status(4, Protocol.OK);
        ask(Protocol.RMDIR, 5, "/d");
        status(5, Protocol.OK);
        assertThat(told())
                .containsExactly(
                        "DONE setstat \"/f\" size=7 owner=1000:1001 mode=0644 times",
                        "REFUSED rename \"/a\" to \"/b\"",
                        "FAILED link \"/a\" to \"/c\"",
                        "DONE symlink \"target\" to \"/link\"",
                        "DONE rmdir \"/d\"");
    }

    @Test
    void whatIsUnknownPassesAndAFileThatStaysOpenEndsWithTheSession() {
        ask(1, 3);
        answer(2, 3, "posix-rename@openssh.com", "1");
        ask(77, 1, "whatever");
        ask(Protocol.EXTENDED, 2, "somebody@example.org", "x");
        status(2, 8);
        ask(Protocol.OPEN, 9, "/left", 2, 0);
        answer(Protocol.HANDLE, 9, "h");
        ask(Protocol.REMOVE, 10); // cut off
        ask(Protocol.REMOVE, 11, "/after");
        status(11, Protocol.OK);
        audit.end();
        assertThat(told())
                .containsExactly(
                        "DONE remove \"/after\"",
                        "DONE open \"/left\" for writing",
                        "DONE 1 more, which were too many to tell one by one");
    }

    @Test
    void packetsMayComeInPiecesOfAnySize() {
        byte[] asked = new Packets()
                .with(Protocol.OPEN, 1, "/f", 2, 0)
                .with(Protocol.MKDIR, 2, "/d", 0)
                .bytes();
        byte[] answers = new Packets()
                .with(Protocol.HANDLE, 1, "h")
                .with(Protocol.STATUS, 2, 0, "", "")
                .with(Protocol.STATUS, 3, 0, "", "")
                .with(Protocol.STATUS, 4, 0, "", "")
                .bytes();
        byte[] more = new Packets()
                .with(Protocol.WRITE, 3, "h", 0L, "z".repeat(70_000))
                .with(Protocol.CLOSE, 4, "h")
                .bytes();
        for (byte b : asked) {
            audit.toServer(new byte[] {b}, 0, 1);
        }
        int first = new Packets().with(Protocol.HANDLE, 1, "h").bytes().length;
        audit.toClient(answers, 0, first);
        for (int at = 0; at < more.length; at += 7) {
            audit.toServer(more, at, Math.min(7, more.length - at));
        }
        audit.toClient(answers, first, answers.length - first);
        assertThat(told()).containsExactly("DONE mkdir \"/d\"", "DONE open \"/f\" for writing");
        assertThat(events.getLast().bytesIn()).isEqualTo(70_000);
    }

    @Test
    void whatIsNoSftpIsSaidOnceAndHarmsNothing() {
        byte[] text = "This is a greeting of a shell's start-up file\n".getBytes(UTF_8);
        audit.toClient(text, 0, text.length);
        audit.toClient(text, 0, text.length);
        ask(Protocol.REMOVE, 1, "/f");
        status(1, Protocol.OK);
        audit.end();
        assertThat(told()).containsExactly("FAILED this is no SFTP, what follows is not audited");
    }

    @Test
    void randomBytesAndRandomPacketsHarmNothing() {
        var random = new Random(20261126);
        for (int round = 0; round < 2000; round++) {
            var each = new SftpAudit(events::add, new Who(null, null, null, "x"), Where.NOWHERE, nanos::get);
            for (int packet = 0; packet < 20; packet++) {
                byte[] body = new byte[random.nextInt(60)];
                random.nextBytes(body);
                ByteBuffer bytes = ByteBuffer.allocate(body.length + 5)
                        .putInt(body.length + 1)
                        .put((byte) (random.nextBoolean() ? random.nextInt(21) : random.nextInt(256)))
                        .put(body);
                each.toServer(bytes.array(), 0, bytes.capacity());
                each.toClient(bytes.array(), 0, bytes.capacity());
            }
            each.end();
        }
        assertThat(events).isNotEmpty();
    }

    @Test
    void aClientThatTouchesAMillionFilesWritesNoMillionEvents() {
        for (int id = 0; id < 5000; id++) {
            ask(Protocol.REMOVE, id, "/f" + id);
            status(id, Protocol.OK);
        }
        assertThat(events).hasSize(500);
        nanos.addAndGet(2_000_000_000L);
        for (int id = 0; id < 50; id++) {
            ask(Protocol.REMOVE, id, "/g" + id);
            status(id, Protocol.OK);
        }
        assertThat(events).hasSize(520);
        audit.end();
        assertThat(events.getLast().what()).isEqualTo("4530 more, which were too many to tell one by one");
    }
}
