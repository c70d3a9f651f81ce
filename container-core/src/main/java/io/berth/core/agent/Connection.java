// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import io.berth.core.agent.RequestTable.Phase;
import io.berth.core.linux.Fd;
import io.berth.core.linux.ReceivedMessage;
import io.berth.core.linux.SyscallException;
import io.berth.core.protocol.MalformedMessageException;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Reply;
import io.berth.core.protocol.Request;
import io.berth.core.protocol.Wire;
import io.berth.core.runtime.Attachment;
import io.berth.core.runtime.ContainerException;
import io.berth.core.runtime.Listener;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves one caller on a thread of its own, a request at a time, until it leaves or says something that is no request. */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** A split image is in two files. */
    private static final int MOST_ARCHIVES = 2;

    private final Caller caller;
    private final Admission admission;
    private final Verbs verbs;
    private @Nullable Attachment attachment;
    private @Nullable Watcher watcher;

    Connection(Caller caller, Admission admission, Verbs verbs) {
        this.caller = caller;
        this.admission = admission;
        this.verbs = verbs;
    }

    /** Blocks until the conversation has ended. An attached process is left alone: its terminal is in other hands. */
    void serve() {
        try {
            while (serveOne()) {}
        } finally {
            if (watcher != null) {
                watcher.close();
            }
            caller.channel().close();
        }
    }

    private boolean serveOne() {
        try {
            Optional<ReceivedMessage> received = caller.channel().receive(MOST_ARCHIVES);
            if (received.isEmpty()) {
                return false;
            }
            try (ReceivedMessage packet = received.get()) {
                answer(Wire.decodeRequest(packet.bytes()), packet.fds());
                return true;
            }
        } catch (SyscallException e) {
            return refuse(
                    Refusal.INVALID,
                    "the packet is larger than " + Wire.MOST_BYTES
                            + " bytes or bears more descriptors than any request does");
        } catch (MalformedMessageException e) {
            return refuse(Refusal.INVALID, String.valueOf(e.getMessage()));
        }
    }

    /** What is malformed comes from no client of ours: the connection ends, so that garbage costs its sender a new one. */
    private boolean refuse(Refusal refusal, String message) {
        caller.answer(new Reply.Refused(refusal, message));
        return false;
    }

    private void answer(Request request, List<Fd> fds) {
        try {
            admission.admit(caller.peer(), phase(), request);
            checkDescriptors(request, fds);
            long began = System.nanoTime();
            perform(request, fds);
            LOG.debug(
                    "event=request verb={} peer={} pid={} micros={}",
                    verb(request),
                    caller.peer(),
                    caller.pid(),
                    (System.nanoTime() - began) / 1000);
        } catch (ContainerException e) {
            LOG.info(
                    "event=refused verb={} peer={} pid={} refusal={} reason=\"{}\"",
                    verb(request),
                    caller.peer(),
                    caller.pid(),
                    e.refusal(),
                    e.getMessage());
            caller.answer(new Reply.Refused(e.refusal(), String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            caller.answer(new Reply.Refused(Refusal.FAILED, failed(request, e)));
        }
    }

    private static void checkDescriptors(Request request, List<Fd> fds) {
        boolean bears = request instanceof Request.ImportImage;
        if (bears == fds.isEmpty()) {
            throw new ContainerException(
                    Refusal.INVALID,
                    bears
                            ? "an import comes with its archives as descriptors, one or two"
                            : "the packet bears descriptors, which this request does not");
        }
    }

    private String failed(Request request, RuntimeException e) {
        String reference =
                HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        LOG.error(
                "event=request-failed reference={} verb={} peer={} pid={}",
                reference,
                verb(request),
                caller.peer(),
                caller.pid(),
                e);
        return "the node agent failed; its log (./berth logs agent) has the cause under reference " + reference;
    }

    private Phase phase() {
        if (attachment != null) {
            return Phase.ATTACHED;
        }
        return watcher != null ? Phase.WATCHING : Phase.FRESH;
    }

    private void perform(Request request, List<Fd> fds) {
        switch (request) {
            case Request.Attach attach -> hand(verbs.attach(attach, caller));
            case Request.AttachAsRoot attach -> hand(verbs.attachAsRoot(attach, caller));
            case Request.Signal(String name) -> {
                if (attachment != null) {
                    attachment.signal(name);
                }
            }
            case Request.Connect connect -> {
                try (Fd socket = verbs.connect(connect, caller)) {
                    caller.answer(new Reply.Connected(), List.of(socket));
                }
            }
            case Request.Listen listen -> {
                try (Listener listener = verbs.listen(listen, caller)) {
                    caller.answer(new Reply.Listening(listener.at(), listener.kept()), listener.fds());
                }
            }
            case Request.ImportImage wanted -> verbs.importImage(wanted, fds, caller);
            case Request.Watch _ -> {
                watcher = verbs.watch(caller);
                watcher.start();
            }
            default -> verbs.perform(request, caller);
        }
    }

    /** Gives the process's fds away and keeps none: from here on its bytes pass us by, and closing them is the caller's to do. */
    private void hand(Attachment attached) {
        attachment = attached;
        try (attached) {
            caller.answer(new Reply.Attached(attached.hasPty()), attached.fds());
        }
        var _ = attached.exit().whenComplete(this::end);
    }

    /** On a thread of the node's, which must not wait for a caller; one that missed this asks its pidfd. */
    private void end(Reply.@Nullable Exited exited, @Nullable Throwable failure) {
        if (exited != null) {
            caller.offer(exited);
        } else {
            LOG.warn("event=exit-unknown peer={} pid={}, ignoring", caller.peer(), caller.pid(), failure);
        }
        caller.channel().shutdown();
    }

    private static String verb(Request request) {
        return request.getClass().getSimpleName();
    }
}
