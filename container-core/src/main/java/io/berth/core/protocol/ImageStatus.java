// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import io.berth.core.spec.ImageAlias;
import io.berth.core.spec.ImageId;
import io.berth.core.spec.ImageOrigin;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One image of the node.
 *
 * @param id content address
 * @param alias the name that it was built under
 * @param architecture as Debian names it, such as {@code amd64}
 * @param sizeBytes bytes of its files, unpacked
 * @param builtAt when it was built
 * @param origin where it was brought from; null for one that was built here
 * @param current whether the alias stands for this image today
 */
public record ImageStatus(
        ImageId id,
        ImageAlias alias,
        String architecture,
        long sizeBytes,
        Instant builtAt,
        @Nullable ImageOrigin origin,
        boolean current) {}
