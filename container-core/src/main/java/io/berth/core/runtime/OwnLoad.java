// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Fd;
import io.berth.core.linux.SystemLoad;
import io.berth.core.lxcfs.View;
import io.berth.core.spec.GuestUser;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The load of a running container, the same that its /proc/loadavg tells: the host's where there is no lxcfs. */
final class OwnLoad {
    private static final Logger LOG = LoggerFactory.getLogger(OwnLoad.class);
    private static final GuestUser READER = new GuestUser("root");
    private static final List<Long> IDLE = List.of(0L, 0L, 0L);

    /** lxcfs counts as often, and so does the kernel: LOAD_FREQ, include/linux/sched/loadavg.h. A reading costs a process. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    /** So young it has none. Init asks for the memory in its first milliseconds, and so does every bash; a reading would hold them up. */
    private static final Duration NEWBORN = Duration.ofSeconds(1);

    private final Life life;
    private final Machine machine;
    private List<Long> last = IDLE;
    private Instant goodUntil;

    OwnLoad(Life life, Machine machine) {
        this.life = life;
        this.machine = machine;
        this.goodUntil = life.run.startedAt().plus(NEWBORN);
    }

    /** Of 1, 5 and 15 minutes, times 65536. */
    synchronized List<Long> loads() {
        Instant now = machine.clock().instant();
        if (now.isAfter(goodUntil)) {
            last = read();
            goodUntil = now.plus(FRESH);
        }
        return last;
    }

    private List<Long> read() {
        try {
            Optional<Fd> opened = machine.lxcfs().open(View.LOADAVG);
            if (opened.isEmpty()) {
                return SystemLoad.read().loads();
            }
            try (Fd file = opened.get()) {
                return new Entering(life, READER, machine).enter(() -> new LoadReading(file));
            }
        } catch (RuntimeException e) {
            // it ends, or has no root in its passwd, or lxcfs has just died: what was last known, and never the host's
            LOG.debug("event=load-unread container={} error=\"{}\", ignoring", life.run.initPid(), e.getMessage());
            return last;
        }
    }
}
