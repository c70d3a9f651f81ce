// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

/**
 * What a container may use at most.
 *
 * @param memoryBytes main memory in bytes, 16 MiB to 16 TiB
 * @param milliCpus processor time in thousandths of one CPU, 10 to 1,024,000
 * @param pids number of processes and threads, 16 to 4,194,304
 * @param diskBytes what it and its snapshots write beside the image, 64 MiB to 1 PiB
 */
public record Limits(long memoryBytes, int milliCpus, int pids, long diskBytes) {
    private static final long MIB = 1L << 20;

    /** What a container gets of the disk when its maker names no limit: 10 GiB. */
    public static final long DEFAULT_DISK_BYTES = 10 * 1024 * MIB;

    /** What a container gets when its maker names no limit: 1 GiB, two CPUs, 4096 processes. */
    public static final Limits DEFAULT = new Limits(1024 * MIB, 2000, 4096);

    /** @throws InvalidSpecException when a limit is outside its range */
    public Limits {
        within("memoryBytes", memoryBytes, 16 * MIB, 16L << 40);
        within("milliCpus", milliCpus, 10, 1_024_000);
        within("pids", pids, 16, 4_194_304);
        within("diskBytes", diskBytes, 64 * MIB, 1L << 50);
    }

    /** With the default of the disk. */
    public Limits(long memoryBytes, int milliCpus, int pids) {
        this(memoryBytes, milliCpus, pids, DEFAULT_DISK_BYTES);
    }

    private static void within(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new InvalidSpecException(
                    field, value + " is out of range; it is at least " + least + " and at most " + most);
        }
    }
}
