// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import io.berth.core.spec.ContainerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What has passed a container's port since it was connected.
 *
 * @param receivedBytes to the container
 * @param sentBytes by the container
 */
public record Traffic(long receivedBytes, long sentBytes) {
    private static final Path INTERFACES = Path.of("/sys/class/net");

    /** Empty while it has no port. What the host's end receives, the container has sent. */
    static Optional<Traffic> of(ContainerId id) {
        Path statistics = INTERFACES.resolve(Endpoints.hostInterface(id)).resolve("statistics");
        try {
            return Optional.of(new Traffic(read(statistics, "tx_bytes"), read(statistics, "rx_bytes")));
        } catch (IOException e) {
            return Optional.empty(); // ENOENT, or EINVAL from one that is just going
        }
    }

    private static long read(Path statistics, String counter) throws IOException {
        return Long.parseLong(Files.readString(statistics.resolve(counter)).strip());
    }
}
