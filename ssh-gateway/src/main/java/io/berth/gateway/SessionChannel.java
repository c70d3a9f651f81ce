// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.protocol.AttachRequest.Subsystem;
import io.berth.core.protocol.Reply;
import io.berth.gateway.SessionRequest.WindowSize;
import java.io.IOException;
import java.util.Set;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.RequestHandler.Result;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.AbstractServerChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel of type session (RFC 4254, section 6): one shell or one command. It speaks SSH; {@link Relay} speaks with the process.
 * MINA's own ChannelSession is not used: it reads nothing before a command wants it, closes stdout with the process's exit, and
 * has no exit-signal.
 */
final class SessionChannel extends AbstractServerChannel implements ChannelInput {
    private static final Logger LOG = LoggerFactory.getLogger(SessionChannel.class);
    /** RFC 4254, section 6.10; other signals bear the suffix of who named them. */
    private static final Set<String> SIGNALS =
            Set.of("ABRT", "ALRM", "FPE", "HUP", "ILL", "INT", "KILL", "PIPE", "QUIT", "SEGV", "TERM", "USR1", "USR2");

    private final SessionRequest request = new SessionRequest();
    private final Relay relay;
    private final HeldInput held = new HeldInput(this);
    private final Object closing = new Object();
    private boolean closeReceived;
    private boolean relayEnded;
    private @Nullable Runnable start;

    SessionChannel(Relays relays) {
        super(null);
        relay = relays.relay(this, request);
    }

    @Override
    protected @Nullable Result handleInternalRequest(String type, boolean wantReply, Buffer buffer) throws IOException {
        return switch (type) {
            case "env" -> result(request.env(buffer));
            case "pty-req" -> result(!relay.isStarted() && relay.allowsPty() && request.pty(buffer));
            case "window-change" -> resize(WindowSize.from(buffer));
            case "signal" -> signal(buffer.getString());
            case "shell" -> run(null, null);
            case "exec" -> run(buffer.getString(), null);
            case "subsystem" -> subsystem(buffer.getString());
            case "auth-agent-req@openssh.com" -> result(!relay.isStarted() && relay.allowsAgent() && request.agent());
            case "eow@openssh.com" -> outputUnwanted();
            case "break" -> result(request.pty() != null); // RFC 4335: a terminal of ours has no line that could break
            case "x11-req" -> result(!relay.isStarted() && relay.allowsX11() && request.x11(buffer));
            default -> super.handleInternalRequest(type, wantReply, buffer);
        };
    }

    private static Result result(boolean done) {
        return done ? Result.ReplySuccess : Result.ReplyFailure;
    }

    private Result resize(WindowSize size) {
        relay.resize(size);
        return Result.ReplySuccess;
    }

    private Result signal(String name) {
        if (!SIGNALS.contains(name)) {
            return Result.ReplyFailure;
        }
        relay.signal(name);
        return Result.ReplySuccess;
    }

    /** The client's own reader has gone: the process learns it by SIGPIPE, or would write for ever (PROTOCOL, section 2.1). */
    private Result outputUnwanted() {
        relay.outputUnwanted();
        return Result.ReplySuccess;
    }

    private Result refuse(String type) {
        LOG.info("event=request-refused request={} session={}", type, getSession());
        return Result.ReplyFailure;
    }

    /** Over pipes, whatever terminal was asked for. */
    private Result subsystem(String name) {
        return name.equals("sftp") ? run(null, Subsystem.SFTP) : refuse("subsystem");
    }

    /** One program a channel: RFC 4254, section 6.5. */
    private Result run(@Nullable String command, @Nullable Subsystem subsystem) {
        if (relay.isStarted() || start != null || isClosing()) {
            return Result.ReplyFailure;
        }
        if (command != null && !SessionRequest.isCommand(command)) {
            return refuse("exec");
        }
        start = () -> relay.start(command, subsystem);
        return Result.ReplySuccess;
    }

    /** The answer goes out before the first byte of output. */
    @Override
    protected @Nullable IoWriteFuture sendResponse(Buffer buffer, String type, Result result, boolean wantReply)
            throws IOException {
        IoWriteFuture sent = super.sendResponse(buffer, type, result, wantReply);
        if (start != null) {
            Runnable now = start;
            start = null;
            now.run();
        }
        return sent;
    }

    @Override
    protected void doWriteData(byte[] data, int offset, long length) throws IOException {
        held.received((int) length);
        relay.input(data, offset, (int) length);
    }

    /** A client has no stderr to send. */
    @Override
    protected void doWriteExtendedData(byte[] data, int offset, long length) throws IOException {
        held.received((int) length);
        releaseWindow((int) length);
    }

    @Override
    public void handleEof() throws IOException {
        super.handleEof();
        relay.inputEnded();
    }

    /**
     * A client closes as soon as both have sent their EOF, though its command may still run and it still wants to hear how that
     * ends; sshd waits with its own close for the exit, and so do we. A close before that is a hang-up.
     */
    @Override
    public void handleClose() throws IOException {
        synchronized (closing) {
            if (isEofSent() && isEofSignalled() && relay.isStarted() && !relayEnded) {
                closeReceived = true;
                return;
            }
        }
        super.handleClose();
    }

    /** The relay has nothing more to say. */
    void relayEnded() {
        boolean answer;
        synchronized (closing) {
            relayEnded = true;
            answer = closeReceived;
        }
        try {
            if (answer) {
                super.handleClose();
            } else {
                close(false);
            }
        } catch (IOException e) {
            LOG.debug("event=gone-at-the-end", e);
        }
    }

    /** However the channel ends. */
    @Override
    protected void preClose() {
        held.close();
        relay.hangUp();
        super.preClose();
    }

    @Override
    public void releaseWindow(int bytes) throws IOException {
        held.taken(bytes);
        if (!isClosing()) {
            getLocalWindow().release(bytes);
        }
    }

    /** No more output will come; the process may live on. */
    void endOutput() throws IOException {
        sendEof();
    }

    /** Tells an OpenSSH client that its input is wanted no longer (PROTOCOL, section 2.1), so that it stops sending. */
    @Override
    public void endInput() throws IOException {
        String version = getSession().getClientVersion();
        if (version != null && version.contains("OpenSSH")) {
            writePacket(channelRequest("eow@openssh.com"));
        }
    }

    void exited(Reply.Exited exit) throws IOException {
        String signal = exit.signal();
        if (signal == null) {
            Integer code = exit.code();
            sendExitStatus(code == null ? Relay.OUR_FAILURE : code);
        } else if (!exitStatusSent.getAndSet(true)) {
            Buffer packet = channelRequest("exit-signal");
            packet.putString(SIGNALS.contains(signal) ? signal : signal + "@openssh.com");
            packet.putBoolean(false); // core dumped: where it would lie is nobody's business here
            packet.putString("");
            packet.putString("");
            writePacket(packet);
        }
    }

    private Buffer channelRequest(String type) {
        Buffer packet = getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST);
        packet.putUInt(getRecipient());
        packet.putString(type);
        packet.putBoolean(false); // want reply
        return packet;
    }
}
