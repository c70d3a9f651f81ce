// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import java.time.Duration;

/**
 * What an archive that somebody brought may take until it is refused.
 *
 * @param archiveBytes of it as it is
 * @param bytes of the files in it
 * @param entries files, directories and links
 * @param time until the worker is killed
 */
record ArchiveLimits(long archiveBytes, long bytes, long entries, Duration time) {
    /** A desktop of a large distribution has 10 GB and 300,000 files; xz unpacks some 50 MB a second. */
    static final ArchiveLimits DEFAULT = new ArchiveLimits(16L << 30, 24L << 30, 600_000, Duration.ofMinutes(30));
}
