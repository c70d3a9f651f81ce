// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.linux.Fd;
import io.berth.core.linux.NativeBuffer;
import io.berth.core.linux.NotifyCalls;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.PollCalls.Interest;
import io.berth.core.linux.PollEvent;
import io.berth.core.seccomp.SeccompPolicy;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;

/** One filter's listener. Served by one thread at a time, and closed when neither it nor anybody else needs it. */
final class Listener {
    /**
     * How long a worker waits for another call of the same container before it goes. Programs that make nodes make several, and
     * waking a worker anew costs more than the call itself.
     */
    private static final Duration LINGER = Duration.ofMillis(2);

    /** What became of a turn. */
    enum Outcome {
        /** Nothing asks at present. */
        QUIET,
        /** Its container has used up its budget. */
        OVER_BUDGET,
        /** Nobody can ask any more: the filter's last process has ended. */
        FINISHED
    }

    private final Fd fd;
    private final Journal journal;
    private final SeccompPolicy policy;
    private final Desk desk;
    private final LastTask last = new LastTask();
    private boolean busy;
    private boolean closing;

    Listener(Fd fd, SeccompPolicy policy, Journal journal, Desk desk) {
        this.fd = fd;
        this.policy = policy;
        this.journal = journal;
        this.desk = desk;
    }

    Fd fd() {
        return fd;
    }

    Desk desk() {
        return desk;
    }

    boolean hasLeftover() {
        return journal.id() != 0;
    }

    /** @return false when it is closing, or another thread has it */
    synchronized boolean begin() {
        if (closing || busy) {
            return false;
        }
        busy = true;
        return true;
    }

    /**
     * Gives it back.
     *
     * @param next what is to come then, such as waiting for the next call; in one step with giving it back, as whoever is woken by that
     *     finds it free
     */
    synchronized void end(Runnable next) {
        busy = false;
        if (closing) {
            reallyClose();
        } else {
            next.run();
        }
    }

    /**
     * Serves until it is quiet. For the worker that has it.
     *
     * @param processorTime how many nanoseconds of a processor the calling thread has used
     */
    Outcome serve(LongSupplier processorTime) {
        try {
            return serveUntilQuiet(processorTime);
        } finally {
            last.close();
            Disguise.takeOff();
        }
    }

    private Outcome serveUntilQuiet(LongSupplier processorTime) {
        if (hasLeftover()) {
            repeat();
        }
        while (desk.budget().due().isZero() && !isClosing()) {
            Set<PollEvent> events = PollCalls.ppoll(LINGER, Interest.in(fd)).getFirst();
            if (!events.contains(PollEvent.POLLIN)) {
                return events.isEmpty() ? Outcome.QUIET : Outcome.FINISHED;
            }
            long began = processorTime.getAsLong();
            one();
            desk.budget().spend(processorTime.getAsLong() - began);
        }
        return Outcome.OVER_BUDGET;
    }

    private void one() {
        NativeBuffer notif = journal.notif();
        if (NotifyCalls.receive(fd, notif)) {
            try {
                desk.answer(fd, last, policy, Notification.of(notif), false);
            } finally {
                journal.clear();
            }
        }
    }

    /** What an agent received that was killed before it could answer. */
    private void repeat() {
        try {
            Notification call = Notification.of(journal.notif());
            if (NotifyCalls.isValid(fd, call.id())) {
                desk.answer(fd, last, policy, call, true);
            }
        } finally {
            journal.clear();
        }
    }

    private synchronized boolean isClosing() {
        return closing;
    }

    /** As soon as the worker that may have it has answered. */
    synchronized void close() {
        if (closing) {
            return;
        }
        closing = true;
        if (!busy) {
            reallyClose();
        }
    }

    private void reallyClose() {
        fd.close();
        journal.close();
    }
}
