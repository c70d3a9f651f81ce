// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Fd;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.Endpoint;
import io.berth.core.protocol.Refusal;
import io.berth.core.spec.GuestUser;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;

/** How processes and sockets get into a container. Nothing here waits for verbs: a login must not hang behind a slow stop. */
final class WaysIn {
    private static final Duration LAST_MOMENT = Duration.ofSeconds(1);

    /** What a container's end can look like to whoever is on the way in. */
    private static final Set<Refusal> OF_THE_WAY = Set.of(Refusal.CONFLICT, Refusal.FAILED);

    private final Machine machine;
    private final Recorded recorded;
    private final Present present;

    WaysIn(Machine machine, Recorded recorded, Present present) {
        this.machine = machine;
        this.recorded = recorded;
        this.present = present;
    }

    Attachment attach(AttachRequest request) {
        long uidBase = recorded.now().uidBase();
        return enter(LAST_MOMENT, running -> Attach.attach(running, uidBase, request, machine));
    }

    /** That nobody answers there is told at once. */
    Fd connect(GuestUser user, Endpoint to) {
        return enter(Duration.ZERO, running -> new Forward(running, user, machine).connect(to));
    }

    Listener listen(GuestUser user, Endpoint at) {
        return enter(Duration.ZERO, running -> new Forward(running, user, machine).listen(at));
    }

    /** @param patience how long to see whether the container ends, when the way in fails */
    private <T> T enter(Duration patience, Function<Life, T> way) {
        recorded.requireFree();
        if (present.isFrozen()) {
            throw new ContainerException(
                    Refusal.CONFLICT, "container '" + recorded.name() + "' is frozen; thaw it first");
        }
        Life running = present.require();
        try {
            return way.apply(running);
        } catch (RuntimeException e) {
            // where it ended under the login, what failed then says nothing
            throw isRefusal(e) || !present.hasEnded(running, patience) ? e : present.stopped(e);
        }
    }

    private static boolean isRefusal(RuntimeException e) {
        return e instanceof ContainerException refused && !OF_THE_WAY.contains(refused.refusal());
    }
}
