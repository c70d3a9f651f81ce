// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.spec.ContainerId;
import java.time.Duration;
import java.util.List;

/** What the supervisor must know of a container besides its calls. */
public interface Subject {
    ContainerId id();

    /** First of its 65,536 ids of the host. */
    long uidBase();

    /** Its PID 1 in the host's numbering. */
    int initPid();

    /** Whether an exception from this rule holds now. */
    boolean isGranted(String rule);

    Resources resources();

    /** How many processors its cpu limit pays for, a begun one counted; at least 1. */
    int processors();

    /**
     * What sysinfo(2) tells of.
     *
     * @param memoryBytes all that it may use
     * @param usedBytes page cache included
     * @param processes threads, too
     * @param loads its own of 1, 5 and 15 minutes, times 65536
     */
    record Resources(long memoryBytes, long usedBytes, int processes, List<Long> loads) {
        public Resources {
            loads = List.copyOf(loads);
        }
    }

    /** How much later than the host's its clock of the time since boot began. */
    Duration bootOffset();
}
