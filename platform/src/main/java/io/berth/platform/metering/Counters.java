// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.metering;

import io.berth.core.protocol.MeterReading;
import org.jspecify.annotations.Nullable;

/** Counters of one run of a container; null where nothing is known of one. */
record Counters(
        @Nullable Long cpuMicros,
        @Nullable Long receivedBytes,
        @Nullable Long sentBytes,
        @Nullable Long readBytes,
        @Nullable Long writtenBytes) {
    static final Counters UNKNOWN = new Counters(null, null, null, null, null);
    static final Counters ZERO = new Counters(0L, 0L, 0L, 0L, 0L);

    static Counters of(MeterReading reading) {
        return new Counters(
                reading.cpuMicros(),
                reading.receivedBytes(),
                reading.sentBytes(),
                reading.readBytes(),
                reading.writtenBytes());
    }

    /** These, and where nothing is known of one, what the earlier ones of the same run say. */
    Counters orElse(Counters earlier) {
        return new Counters(
                cpuMicros == null ? earlier.cpuMicros : cpuMicros,
                receivedBytes == null ? earlier.receivedBytes : receivedBytes,
                sentBytes == null ? earlier.sentBytes : sentBytes,
                readBytes == null ? earlier.readBytes : readBytes,
                writtenBytes == null ? earlier.writtenBytes : writtenBytes);
    }

    /** Whether one of them went back, which a counter does only when it begins anew. */
    boolean areBelow(Counters earlier) {
        return isBelow(cpuMicros, earlier.cpuMicros)
                || isBelow(receivedBytes, earlier.receivedBytes)
                || isBelow(sentBytes, earlier.sentBytes)
                || isBelow(readBytes, earlier.readBytes)
                || isBelow(writtenBytes, earlier.writtenBytes);
    }

    private static boolean isBelow(@Nullable Long now, @Nullable Long before) {
        return now != null && before != null && now < before;
    }

    /** What has been used from the earlier ones to these. */
    Used since(Counters earlier) {
        return new Used(
                used(cpuMicros, earlier.cpuMicros),
                used(receivedBytes, earlier.receivedBytes),
                used(sentBytes, earlier.sentBytes),
                used(readBytes, earlier.readBytes),
                used(writtenBytes, earlier.writtenBytes));
    }

    /** One that began anew has counted from 0. One of which nothing was known before has nothing to be compared with. */
    private static long used(@Nullable Long now, @Nullable Long before) {
        if (now == null || before == null) {
            return 0;
        }
        return now < before ? now : now - before;
    }

    /** How much was used. */
    record Used(long cpuMicros, long receivedBytes, long sentBytes, long readBytes, long writtenBytes) {
        static final Used NOTHING = new Used(0, 0, 0, 0, 0);
    }
}
