// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.metering;

import io.berth.core.protocol.MeterReading;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Samples as lines for COPY: about four times as fast as inserting them. Nothing in them needs escaping. */
final class SampleLines {
    static final String COPY = """
            copy meter_samples (container_id, at, since, round, memory_limit_bytes, memory_bytes, disk_bytes,
                cpu_micros, received_bytes, sent_bytes, read_bytes, written_bytes,
                cpu_micros_used, received_bytes_used, sent_bytes_used, read_bytes_used, written_bytes_used,
                milli_cpus, seconds, running_seconds, gap_seconds, reset) from stdin
            """;

    private final StringBuilder lines = new StringBuilder();
    private final long round;

    SampleLines(long round) {
        this.round = round;
    }

    void add(MeterReading reading, Increment increment) {
        Counters.Used used = increment.used();
        field(reading.id());
        field(increment.at());
        field(increment.since());
        field(round);
        field(reading.limits().memoryBytes());
        field(reading.memoryBytes());
        field(reading.diskBytes());
        field(reading.cpuMicros());
        field(reading.receivedBytes());
        field(reading.sentBytes());
        field(reading.readBytes());
        field(reading.writtenBytes());
        field(used.cpuMicros());
        field(used.receivedBytes());
        field(used.sentBytes());
        field(used.readBytes());
        field(used.writtenBytes());
        field(reading.limits().milliCpus());
        field(increment.seconds());
        field(increment.runningSeconds());
        field(increment.gapSeconds());
        lines.append(increment.isReset() ? 't' : 'f').append('\n');
    }

    private void field(@Nullable Object value) {
        lines.append(value == null ? "\\N" : value).append('\t');
    }

    byte[] bytes() {
        return lines.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
