// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.cgroup.BlockIo;
import io.berth.core.cgroup.Usage;
import io.berth.core.linux.SyscallException;
import io.berth.core.network.Traffic;
import io.berth.core.protocol.MeterReading;
import io.berth.core.spec.NetworkMode;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the kernel's counters say of one container, whatever of them is there. */
final class Readings {
    private static final Logger LOG = LoggerFactory.getLogger(Readings.class);

    private Readings() {}

    /** Of one that does not run. */
    static MeterReading idle(Machine machine, ContainerRecord record, @Nullable Long diskBytes) {
        return new MeterReading(
                record.id(),
                machine.clock().instant(),
                null,
                record.spec().limits(),
                null,
                null,
                diskBytes,
                null,
                null,
                null,
                null);
    }

    static MeterReading of(Machine machine, ContainerRecord record, Life running, @Nullable Long diskBytes) {
        Optional<Usage> usage = read(record, running.cgroup::usage);
        Optional<BlockIo> io = read(record, running.cgroup::blockIo).flatMap(found -> found);
        Optional<Traffic> traffic =
                record.spec().network() == NetworkMode.NAT ? machine.network().traffic(record.id()) : Optional.empty();
        return new MeterReading(
                record.id(),
                machine.clock().instant(),
                running.run.startedAt(),
                record.spec().limits(),
                usage.map(Usage::cpuMicros).orElse(null),
                usage.map(Usage::memoryBytes).orElse(null),
                diskBytes,
                traffic.map(Traffic::receivedBytes).orElse(null),
                traffic.map(Traffic::sentBytes).orElse(null),
                io.map(BlockIo::readBytes).orElse(null),
                io.map(BlockIo::writtenBytes).orElse(null));
    }

    /** A cgroup can go while it is read. */
    private static <T> Optional<T> read(ContainerRecord record, Supplier<T> counters) {
        try {
            return Optional.of(counters.get());
        } catch (SyscallException | UncheckedIOException e) {
            LOG.debug("event=counters-not-read container={} error=\"{}\", ignoring", record.id(), e.getMessage());
            return Optional.empty();
        }
    }
}
