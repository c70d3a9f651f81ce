// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.event;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.security.Caller;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.stereotype.Component;

/** How many streams anybody may hold open: each has a thread and a connection. */
@Component
public class StreamSlots {
    /** Some windows on some machines; a browser itself opens six connections a server. */
    private static final int MOST_PER_USER = 32;

    private final ConcurrentMap<UUID, Integer> open = new ConcurrentHashMap<>();

    /** One of them; closing gives it back. */
    public interface Slot extends AutoCloseable {
        @Override
        void close();
    }

    /** @throws ProblemException when the caller has too many */
    public Slot take(Caller caller) {
        UUID user = caller.userId();
        if (open.merge(user, 1, Integer::sum) > MOST_PER_USER) {
            giveBack(user);
            throw ProblemException.tooMany(
                    "you have " + MOST_PER_USER + " streams open; close some windows and try again",
                    Duration.ofSeconds(5));
        }
        return () -> giveBack(user);
    }

    private void giveBack(UUID user) {
        open.computeIfPresent(user, (_, count) -> count == 1 ? null : count - 1);
    }
}
