// SPDX-License-Identifier: Apache-2.0
package io.berth.core.client;

import static io.berth.core.linux.PollCalls.Interest.in;

import io.berth.core.linux.ExitStatus;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.PollCalls.Interest;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.ReceivedMessage;
import io.berth.core.linux.Signal;
import io.berth.core.linux.SyscallException;
import io.berth.core.protocol.MalformedMessageException;
import io.berth.core.protocol.PacketChannel;
import io.berth.core.protocol.Reply;
import io.berth.core.protocol.Wire;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Learns how a process ended: from the agent, or from the kernel when the agent has gone. Owns the connection and the pidfd.
 * Its thread starts when somebody first asks.
 */
final class ExitWatch implements AutoCloseable {
    /** What ssh(1) and shells understand as "it ended, nobody knows how". */
    private static final Reply.Exited UNKNOWN = new Reply.Exited(255, null);

    /** Init reaps orphans at once; one that does not keeps the exit status to itself. */
    private static final Duration REAPING = Duration.ofSeconds(5);

    private static final long STACK_BYTES = 256 * 1024;
    private static final byte[] WAKE = {1, 0, 0, 0, 0, 0, 0, 0};

    private final PacketChannel channel;
    private final Fd pidfd;
    private final Fd wake = FileCalls.eventfd(0);
    private final CompletableFuture<Reply.Exited> result = new CompletableFuture<>();
    private boolean watching;
    private boolean closed;

    ExitWatch(PacketChannel channel, Fd pidfd) {
        this.channel = channel;
        this.pidfd = pidfd;
    }

    /** Completes with the end, cancelled when closed before. */
    synchronized CompletableFuture<Reply.Exited> result() {
        if (!watching && !closed) {
            watching = true;
            Thread.ofPlatform()
                    .daemon()
                    .name("exit-watch")
                    .stackSize(STACK_BYTES)
                    .start(this::watch);
        }
        return result;
    }

    private void watch() {
        try {
            Reply.Exited exited = fromAgent().or(this::fromKernel).orElse(UNKNOWN);
            result.complete(exited);
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        } finally {
            release();
        }
    }

    private Optional<Reply.Exited> fromAgent() {
        try {
            while (true) {
                Optional<ReceivedMessage> packet = channel.receive(0);
                if (packet.isEmpty()) {
                    return Optional.empty();
                }
                if (Wire.decodeReply(packet.get().bytes()) instanceof Reply.Exited exited) {
                    return Optional.of(exited);
                }
                // a refused signal: the process has the last word
            }
        } catch (MalformedMessageException | SyscallException e) {
            return Optional.empty();
        }
    }

    /** A pidfd is readable once its process has ended, and hung up once it was reaped: pidfd_poll, kernel's fs/pidfs.c. */
    private Optional<Reply.Exited> fromKernel() {
        PollCalls.ppoll(null, in(pidfd), in(wake));
        if (isClosed()) {
            return Optional.empty();
        }
        PollCalls.ppoll(REAPING, new Interest(pidfd, Set.of()), in(wake));
        try {
            return ProcessCalls.pidfdGetInfo(pidfd).exit().map(ExitWatch::exited);
        } catch (SyscallException e) {
            return Optional.empty(); // a kernel before 6.15 keeps no exit status
        }
    }

    private static Reply.Exited exited(ExitStatus status) {
        return switch (status) {
            case ExitStatus.Exited(int code) -> new Reply.Exited(code, null);
            case ExitStatus.Killed(int signal, boolean _) ->
                Signal.of(signal)
                        .map(known -> new Reply.Exited(null, known.name().substring("SIG".length())))
                        .orElse(UNKNOWN);
        };
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Idempotent; the watching thread closes what it uses. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (!watching) {
            release();
        } else if (wake.isOpen()) {
            result.cancel(false);
            FileCalls.write(wake, WAKE);
            channel.shutdown();
        }
    }

    private synchronized void release() {
        closed = true;
        if (!result.isDone()) {
            result.cancel(false);
        }
        channel.close();
        pidfd.close();
        wake.close();
    }
}
