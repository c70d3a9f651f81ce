// SPDX-License-Identifier: Apache-2.0
package io.berth.core.plan;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.PollCalls.Interest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a running plan says: messages of {@link PlanBuilder#tell}, or the step that failed. */
public final class Report implements AutoCloseable {
    static final int FAILED = 0;
    private static final int MESSAGE_SIZE =
            16; // struct message, spawner.c; a pipe never tears it, being shorter than PIPE_BUF

    private final Plan plan;
    private final Fd pipe;

    /** @param pipe the read end, which the report closes */
    public Report(Plan plan, Fd pipe) {
        this.plan = plan;
        this.pipe = pipe;
    }

    /** One {@code tell}. */
    public record Message(int kind, long value) {}

    /**
     * The next message, waiting for it.
     *
     * @return empty when every process that could tell something has exited or executed a program
     * @throws PlanException when a step failed
     */
    public Optional<Message> next() {
        byte[] bytes = FileCalls.read(pipe, MESSAGE_SIZE);
        return bytes.length == 0 ? Optional.empty() : Optional.of(decode(bytes));
    }

    /**
     * The next message, waiting as long as the processes live: one that holds the pipe open, like a monitor, hides another's silent
     * death, which shows in its pidfd.
     *
     * @param timeout null to wait forever
     * @throws PlanException when a step failed, one of the processes ended without a word (ECHILD), or time ran out (ETIMEDOUT)
     */
    public Optional<Message> next(@Nullable Duration timeout, Fd... pidfds) {
        var happened = PollCalls.ppoll(
                timeout,
                Stream.concat(Stream.of(pipe), Stream.of(pidfds))
                        .map(Interest::in)
                        .toArray(Interest[]::new));
        if (!happened.getFirst().isEmpty()) {
            return next();
        }
        for (int i = 0; i < pidfds.length; i++) {
            if (!happened.get(i + 1).isEmpty()) {
                return lastWord(pidfds[i]);
            }
        }
        throw new PlanException(plan.name(), Errno.ETIMEDOUT, "no word within " + timeout);
    }

    /** The process may have told something between the poll's look at the pipe and its end. */
    private Optional<Message> lastWord(Fd pidfd) {
        if (PollCalls.awaitReadable(pipe, Duration.ZERO)) {
            return next();
        }
        throw new PlanException(plan.name(), Errno.ECHILD, pidfd + " ended without a word");
    }

    /**
     * The next message, which must be of this kind.
     *
     * @return its value
     */
    public long expect(int kind) {
        return expect(kind, next());
    }

    public long expect(int kind, @Nullable Duration timeout, Fd... pidfds) {
        return expect(kind, next(timeout, pidfds));
    }

    private long expect(int kind, Optional<Message> next) {
        Message message =
                next.orElseThrow(() -> new PlanException(plan.name(), Errno.ECHILD, "ended before message " + kind));
        if (message.kind != kind) {
            throw new PlanException(plan.name(), Errno.EPROTO, "expected message " + kind + ", got " + message);
        }
        return message.value;
    }

    private Message decode(byte[] bytes) {
        ByteBuffer fields = ByteBuffer.wrap(bytes).order(Encoder.ORDER);
        int kind = fields.getInt(0);
        long value = fields.getLong(8);
        if (kind != FAILED) {
            return new Message(kind, value);
        }
        throw new PlanException(plan.describeStep(fields.getInt(4)), Errno.of(value));
    }

    /** For waiting on several things at once. */
    public Fd fd() {
        return pipe;
    }

    @Override
    public void close() {
        pipe.close();
    }
}
