// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Child;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Signal;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanException;
import io.berth.core.plan.Report;
import io.berth.core.process.Reaper;
import io.berth.core.protocol.Refusal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A process on its way in, from the door's fork to the execution of the user's shell. */
final class Arrival implements AutoCloseable {
    /** A tenant can make its passwd a file that never answers; this bounds what the agent waits. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A login takes a millisecond; one in trouble isn't made to wait much longer for it. */
    private static final Duration USUAL = Duration.ofMillis(200);

    private final Report report;
    private final Reaper reaper;
    private final Map<Integer, Long> told = new HashMap<>();
    private @Nullable Child process;
    private Duration patience = PATIENCE;
    private boolean over;

    /**
     * @param report what the process tells, and the door about it: either may be first
     * @param reaper for a process that nobody waits for any more
     */
    Arrival(Report report, Reaper reaper) {
        this.report = report;
        this.reaper = reaper;
    }

    /** Nobody came in; the message says why. */
    static final class TurnedAwayException extends RuntimeException {
        TurnedAwayException(String message) {
            super(message);
        }
    }

    /**
     * Sleeps until the process executes or ends, which closes the report's pipe. What it and the door tell meanwhile is read
     * afterwards: each wake-up of the agent takes the processor from the process it waits for. One that takes longer is
     * listened to word by word.
     */
    void awaitExecQuietly() {
        PollCalls.ppoll(USUAL, PollCalls.Interest.hangup(report.fd()));
    }

    /**
     * Waits until the process has told this.
     *
     * @return its value
     * @throws TurnedAwayException when it ended, or a step failed
     */
    long await(int kind) {
        while (!told.containsKey(kind)) {
            awaitAny(patience);
        }
        return told.getOrDefault(kind, 0L);
    }

    private void awaitAny(Duration most) {
        try {
            note(report.next(most)
                    .orElseThrow(() -> new TurnedAwayException("it ended, or the process was killed on its way in")));
        } catch (PlanException e) {
            patience = e.errno() == Errno.ETIMEDOUT ? Duration.ZERO : patience;
            throw new TurnedAwayException(String.valueOf(e.getMessage()));
        }
    }

    /** Waits until the process has told the one or the other, and says which. */
    int awaitEither(int one, int other) {
        return awaitEither(one, other, patience);
    }

    /**
     * The same for what takes the process longer.
     *
     * @param most how long it may say nothing
     */
    int awaitEither(int one, int other, Duration most) {
        while (!told.containsKey(other)) {
            if (told.containsKey(one)) {
                return one;
            }
            awaitAny(most);
        }
        return other;
    }

    /** A copy of one of the process's descriptors. */
    Fd fetch(long number) {
        await(ForkLoop.BORN);
        return ProcessCalls.pidfdGetfd(Objects.requireNonNull(process).pidfd(), Math.toIntExact(number));
    }

    /**
     * Waits until the process executes: the report's pipe closes then.
     *
     * @param plan the plan that it is in by now
     */
    void awaitExec(Plan plan) {
        Report rest = new Report(plan, report.fd());
        try {
            for (var message = rest.next(PATIENCE); message.isPresent(); message = rest.next(PATIENCE)) {
                note(message.get());
            }
        } catch (PlanException e) {
            throw new ContainerException(
                    Refusal.CONFLICT,
                    "the login failed: " + e.getMessage() + "; see the user's shell in the container's /etc/passwd",
                    e);
        }
    }

    private void note(Report.Message message) {
        told.put(message.kind(), message.value());
        if (message.kind() == ForkLoop.BORN) {
            int pid = Math.toIntExact(message.value());
            process = new Child(pid, ProcessCalls.pidfdOpen(pid));
        } else if (message.kind() == ForkLoop.STILLBORN) {
            stillborn(Errno.of(-message.value()));
        }
    }

    private static void stillborn(Errno errno) {
        if (errno == Errno.EAGAIN) {
            throw new ContainerException(
                    Refusal.EXHAUSTED,
                    "no process can be started in the container: it has as many as its pids limit allows; end some of"
                            + " them, or raise the limit");
        }
        throw new TurnedAwayException("no process can be started there: " + errno);
    }

    /** The process, for its owner to come: closing this does not end it any more. */
    Child take() {
        await(ForkLoop.BORN);
        Child taken = Objects.requireNonNull(process);
        process = null;
        over = true;
        return taken;
    }

    /** Ends the process, unless it was taken. It is reaped when it ends, which in a frozen container may be tomorrow. */
    @Override
    public void close() {
        boolean silent = false;
        while (!over && process == null && !silent) {
            silent = isSilent(patience);
        }
        if (silent) {
            reaper.watch(report.fd(), this::hearLate);
            return;
        }
        report.close();
        end();
    }

    private void hearLate() {
        isSilent(Duration.ZERO);
        if (over || process != null) {
            report.close();
            end();
        } else {
            reaper.watch(report.fd(), this::hearLate);
        }
    }

    private void end() {
        Child child = process;
        process = null;
        if (child != null) {
            child.kill(Signal.SIGKILL);
            reaper.reap(child, _ -> {});
        }
    }

    /** Whether the door has said nothing about the process, and may yet. */
    private boolean isSilent(Duration patience) {
        try {
            Optional<Report.Message> message = report.next(patience);
            message.ifPresentOrElse(this::note, () -> over = true);
            return false;
        } catch (PlanException e) {
            return e.errno() == Errno.ETIMEDOUT;
        } catch (TurnedAwayException | ContainerException _) {
            over = true; // there never was a process
            return false;
        }
    }
}
