// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import java.util.Objects;

/**
 * Everything that may be asked of a volume: files of a tenant's that outlive containers, and that several may have at once.
 *
 * @param name within the tenant
 * @param tenant the owner
 * @param diskBytes what its files take at most, 64 MiB to 1 PiB
 */
public record VolumeSpec(VolumeName name, TenantName tenant, long diskBytes) {
    private static final long LEAST = 64L << 20;
    private static final long MOST = 1L << 50;

    /** @throws InvalidSpecException when the size is outside its range */
    public VolumeSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(tenant, "tenant");
        checkedSize(diskBytes);
    }

    /** @throws InvalidSpecException when the size is outside its range */
    public static long checkedSize(long diskBytes) {
        if (diskBytes < LEAST || diskBytes > MOST) {
            throw new InvalidSpecException(
                    "diskBytes", diskBytes + " is out of range; it is at least " + LEAST + " and at most " + MOST);
        }
        return diskBytes;
    }

    /** The same with another size. */
    public VolumeSpec with(long bytes) {
        return new VolumeSpec(name, tenant, bytes);
    }
}
