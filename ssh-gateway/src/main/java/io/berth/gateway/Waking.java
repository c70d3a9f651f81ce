// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.gateway.Decision.Stopped;
import java.time.Duration;
import java.util.Locale;

/**
 * Which login starts a container that does not run. Somebody at a terminal wakes any; a command, a file transfer or a shell without a
 * terminal only one that should run anyway, as scripts and editors come back by themselves to what was stopped on purpose. Forwards
 * alone wake none.
 */
final class Waking {
    private static final double MILLIS = 1000;

    private Waking() {}

    static boolean isDue(Stopped stopped, boolean interactive) {
        return interactive || stopped == Stopped.UNMEANT;
    }

    /** What everybody else is told. */
    static Banner stopped(String container) {
        return Banner.of("container '" + container + "' is stopped; start it by 'ssh lobby@HOST start " + container
                + "', or log in with a terminal, which starts it");
    }

    static Banner begun(String container) {
        return Banner.of("container '" + container + "' is stopped; starting it …");
    }

    static Banner done(String container, Duration taken) {
        return Banner.of(
                String.format(Locale.ROOT, "container '%s' runs, after %.2f s", container, taken.toMillis() / MILLIS));
    }
}
