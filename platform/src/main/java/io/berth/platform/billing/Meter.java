// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/** What can have a price, each in one unit; quantities are counted in whole parts of it. */
enum Meter {
    /** Containers that run. */
    RUNNING("container-hour", BigInteger.valueOf(3600), true),
    /** Processors that running containers might use. */
    VCPU("vCPU-hour", BigInteger.valueOf(3_600_000), true),
    /** Processor time that was used. */
    CPU("CPU-hour", BigInteger.valueOf(3_600_000_000L), false),
    /** Memory that running containers might use. */
    MEMORY("GiB-hour", Sizes.GIB_HOUR, true),
    /** Memory that was used, page cache included. */
    MEMORY_USED("GiB-hour", Sizes.GIB_HOUR, true),
    /** What files take, whether the container runs or not. */
    DISK("GiB-hour", Sizes.GIB_HOUR, true),
    /** What volumes' files might take. */
    VOLUME("GiB-hour", Sizes.GIB_HOUR, true),
    RECEIVED("GiB", Sizes.GIB, false),
    SENT("GiB", Sizes.GIB, false),
    READ("GiB", Sizes.GIB, false),
    WRITTEN("GiB", Sizes.GIB, false);

    private final String unit;
    private final BigInteger parts;
    private final boolean isOverTime;

    Meter(String unit, BigInteger parts, boolean isOverTime) {
        this.unit = unit;
        this.parts = parts;
        this.isOverTime = isOverTime;
    }

    String unit() {
        return unit;
    }

    /** How many parts a unit has: seconds, thousandths of a CPU for a second, microseconds, bytes for a second, or bytes. */
    BigInteger parts() {
        return parts;
    }

    /** Whether it is had for a time, so that begun hours can be charged whole. */
    boolean isOverTime() {
        return isOverTime;
    }

    /** For people to read; money is never computed from it. */
    BigDecimal units(BigInteger quantity) {
        return new BigDecimal(quantity)
                .divide(new BigDecimal(parts), MathContext.DECIMAL64)
                .stripTrailingZeros();
    }

    /** An enum's constants come before its fields. */
    private static final class Sizes {
        static final BigInteger GIB = BigInteger.ONE.shiftLeft(30);
        static final BigInteger GIB_HOUR = GIB.multiply(BigInteger.valueOf(3600));
    }
}
