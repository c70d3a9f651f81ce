// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.sftp;

import static io.berth.gateway.sftp.Protocol.quoted;

import io.berth.gateway.audit.AuditEvent;
import io.berth.gateway.audit.AuditEvent.Kind;
import io.berth.gateway.audit.AuditEvent.Outcome;
import io.berth.gateway.audit.AuditEvent.Where;
import io.berth.gateway.audit.AuditEvent.Who;
import io.berth.gateway.audit.Journal;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One SFTP session's: an event for each file once it is closed, with what was read and written of it, and for each act on a name with
 * its outcome. What it does not know it passes over; what is no SFTP ends it, and never the session.
 */
final class SftpAudit {
    /** Requests on their way; clients keep some hundreds. */
    private static final int MOST_ASKED = 4096;
    /** A server has some thousand descriptors. */
    private static final int MOST_FILES = 4096;

    private final Journal journal;
    private final Who who;
    private final Where where;
    private final Budget budget;
    private final Map<Integer, Asked> asked = new LinkedHashMap<>();
    private final Map<String, OpenFile> files = new HashMap<>();
    private final PacketStream requests = new PacketStream(this::request);
    private final PacketStream replies = new PacketStream(this::reply);
    private long untold;
    private boolean lost;

    SftpAudit(Journal journal, Who who, Where where, LongSupplier nanos) {
        this.journal = journal;
        this.who = who;
        this.where = where;
        this.budget = new Budget(nanos);
    }

    /** What an answer is awaited to. */
    private sealed interface Asked {
        record Open(String path, int flags) implements Asked {
            String what() {
                boolean reads = (flags & Protocol.FLAG_READ) != 0;
                boolean writes = (flags & Protocol.FLAG_WRITE) != 0;
                return "open " + quoted(path)
                        + (reads && writes ? " for both" : writes ? " for writing" : " for reading");
            }
        }

        record Close(String handle) implements Asked {}

        record Read(String handle) implements Asked {}

        record Write(String handle, int bytes) implements Asked {}

        record Act(String what) implements Asked {}
    }

    private static final class OpenFile {
        private final Asked.Open opened;
        private long read;
        private long written;

        OpenFile(Asked.Open opened) {
            this.opened = opened;
        }
    }

    synchronized void toServer(byte[] bytes, int offset, int count) {
        pass(requests, bytes, offset, count);
    }

    synchronized void toClient(byte[] bytes, int offset, int count) {
        pass(replies, bytes, offset, count);
    }

    private void pass(PacketStream stream, byte[] bytes, int offset, int count) {
        if (!lost && !stream.pass(bytes, offset, count)) {
            lost = true;
            tell(Outcome.FAILED, "this is no SFTP, what follows is not audited", null);
        }
    }

    private void request(int type, ByteBuffer head) {
        try {
            int id = head.getInt();
            Asked wanted = wanted(type, head);
            if (wanted != null) {
                if (asked.size() >= MOST_ASKED) {
                    asked.remove(asked.keySet().iterator().next()); // whoever awaits so many answers got none
                    untold++;
                }
                asked.put(id, wanted);
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            untold++; // the server refuses it, too
        }
    }

    private @Nullable Asked wanted(int type, ByteBuffer head) {
        return switch (type) {
            case Protocol.OPEN -> new Asked.Open(Protocol.string(head), head.getInt());
            case Protocol.CLOSE -> new Asked.Close(Protocol.handle(head));
            case Protocol.READ -> new Asked.Read(Protocol.handle(head));
            case Protocol.WRITE -> {
                String handle = Protocol.handle(head);
                head.getLong(); // offset
                yield new Asked.Write(handle, head.getInt());
            }
            case Protocol.SETSTAT ->
                new Asked.Act("setstat " + quoted(Protocol.string(head)) + Protocol.attributes(head));
            case Protocol.FSETSTAT ->
                new Asked.Act("setstat " + name(Protocol.handle(head)) + Protocol.attributes(head));
            case Protocol.REMOVE -> new Asked.Act("remove " + quoted(Protocol.string(head)));
            case Protocol.MKDIR -> new Asked.Act("mkdir " + quoted(Protocol.string(head)) + Protocol.attributes(head));
            case Protocol.RMDIR -> new Asked.Act("rmdir " + quoted(Protocol.string(head)));
            case Protocol.RENAME -> two("rename ", head);
            // OpenSSH's server has the two the other way round than the draft: the target comes first
            case Protocol.SYMLINK -> two("symlink ", head);
            case Protocol.EXTENDED -> extended(Protocol.string(head), head);
            default -> null;
        };
    }

    private @Nullable Asked extended(String name, ByteBuffer head) {
        return switch (name) {
            case "posix-rename@openssh.com" -> two("rename ", head);
            case "hardlink@openssh.com" -> two("link ", head);
            case "lsetstat@openssh.com" ->
                new Asked.Act("setstat " + quoted(Protocol.string(head)) + Protocol.attributes(head));
            case "copy-data" -> {
                String from = name(Protocol.handle(head));
                head.getLong(); // offset
                head.getLong(); // length
                yield new Asked.Act("copy " + from + " to " + name(Protocol.handle(head)));
            }
            default -> null;
        };
    }

    private static Asked two(String verb, ByteBuffer head) {
        return new Asked.Act(verb + quoted(Protocol.string(head)) + " to " + quoted(Protocol.string(head)));
    }

    private String name(String handle) {
        OpenFile file = files.get(handle);
        return file == null ? "a file" : quoted(file.opened.path());
    }

    private void reply(int type, ByteBuffer head) {
        try {
            if (type != Protocol.STATUS && type != Protocol.HANDLE && type != Protocol.DATA) {
                if (head.remaining() >= Integer.BYTES) {
                    asked.remove(head.getInt());
                }
                return;
            }
            Asked what = asked.remove(head.getInt());
            if (what != null) {
                answered(what, type, head);
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            untold++;
        }
    }

    private void answered(Asked what, int type, ByteBuffer head) {
        int code = type == Protocol.STATUS ? head.getInt() : Protocol.OK;
        switch (what) {
            case Asked.Open open -> {
                if (type != Protocol.HANDLE) {
                    tell(outcome(code), open.what(), null);
                } else if (files.size() < MOST_FILES) {
                    files.put(Protocol.handle(head), new OpenFile(open));
                } else {
                    untold++;
                }
            }
            case Asked.Close(String handle) -> closed(files.remove(handle));
            case Asked.Read(String handle) -> {
                OpenFile file = files.get(handle);
                if (file != null && type == Protocol.DATA) {
                    file.read += Integer.toUnsignedLong(head.getInt());
                }
            }
            case Asked.Write(String handle, int bytes) -> {
                OpenFile file = files.get(handle);
                if (file != null && code == Protocol.OK) {
                    file.written += Integer.toUnsignedLong(bytes);
                }
            }
            case Asked.Act(String text) -> tell(outcome(code), text, null);
        }
    }

    private static Outcome outcome(int code) {
        return switch (code) {
            case Protocol.OK -> Outcome.DONE;
            case Protocol.PERMISSION_DENIED -> Outcome.REFUSED;
            default -> Outcome.FAILED;
        };
    }

    private void closed(@Nullable OpenFile file) {
        if (file != null) {
            tell(Outcome.DONE, file.opened.what(), file);
        }
    }

    private void tell(Outcome outcome, String what, @Nullable OpenFile file) {
        if (!budget.take()) {
            untold++;
            return;
        }
        AuditEvent event = AuditEvent.of(Kind.FILE, outcome, who, where, what);
        journal.note(file == null ? event : event.with(file.written, file.read));
    }

    /** Files that were not closed end with the session; what was too much to tell is counted. */
    synchronized void end() {
        files.values().forEach(this::closed);
        files.clear();
        if (untold > 0) {
            journal.note(AuditEvent.of(
                    Kind.FILE, Outcome.DONE, who, where, untold + " more, which were too many to tell one by one"));
            untold = 0;
        }
    }
}
