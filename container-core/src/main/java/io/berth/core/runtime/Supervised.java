// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.cgroup.ContainerCgroup;
import io.berth.core.cgroup.Usage;
import io.berth.core.linux.SystemLoad;
import io.berth.core.notify.Subject;
import io.berth.core.spec.ContainerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running container as its supervisor sees it.
 *
 * @param record as it is at the moment of asking
 */
record Supervised(
        ContainerId id,
        long uidBase,
        int initPid,
        Duration bootOffset,
        Supplier<ContainerRecord> record,
        ContainerCgroup cgroup,
        Grants grants,
        OwnLoad load)
        implements Subject {
    private static final Logger LOG = LoggerFactory.getLogger(Supervised.class);

    static Supervised of(Supplier<ContainerRecord> record, Life life, Machine machine) {
        ContainerRecord now = record.get();
        int initPid = life.run.initPid();
        return new Supervised(
                now.id(),
                now.uidBase(),
                initPid,
                bootOffset(initPid),
                record,
                life.cgroup,
                machine.grants(),
                new OwnLoad(life, machine));
    }

    /** The time namespace's: a line of /proc/PID/timens_offsets is {@code boottime -12345 0}; see time_namespaces(7). */
    private static Duration bootOffset(int initPid) {
        try {
            return Files.readAllLines(Path.of("/proc", Integer.toString(initPid), "timens_offsets")).stream()
                    .filter(line -> line.startsWith("boottime"))
                    .map(line -> Duration.ofSeconds(Long.parseLong(line.trim().split("\\s+", 3)[1])))
                    .findFirst()
                    .orElse(Duration.ZERO);
        } catch (IOException e) {
            LOG.debug("event=init-gone error={}, ignoring", e.toString());
            return Duration.ZERO;
        }
    }

    @Override
    public boolean isGranted(String rule) {
        return grants.isGranted(id, rule);
    }

    @Override
    public int processors() {
        return Math.ceilDiv(record.get().spec().limits().milliCpus(), 1000);
    }

    @Override
    public Resources resources() {
        Usage usage = cgroup.usage();
        long limit = record.get().spec().limits().memoryBytes();
        long memory = Math.min(limit, SystemLoad.read().memoryBytes());
        return new Resources(memory, usage.memoryBytes(), usage.pids(), load.loads());
    }
}
