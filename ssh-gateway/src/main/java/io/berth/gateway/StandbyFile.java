// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.access.AccessRules;
import io.berth.core.spec.GuestUser;
import io.berth.core.spec.TenantName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Standby tickets on disk, for the gateway's user alone, so that a gateway that starts while the platform is down has them. */
final class StandbyFile {
    private static final Logger LOG = LoggerFactory.getLogger(StandbyFile.class);

    private final Path file;
    private final JsonMapper json = JsonMapper.builder().build();

    StandbyFile(Path file) {
        this.file = file;
    }

    /** One ticket, whom it was given to, and what came with it. */
    record Line(
            String userName,
            String publicKey,
            String sourceAddress,
            String tenant,
            String container,
            String user,
            AccessRules rules,
            Decision.@Nullable SessionPolicy policy,
            String ticket,
            Instant expiresAt,
            Instant keptAt,
            Instant usedAt) {
        /** By the ticket that lives longer: the other has expired. */
        Decision.Admitted admitted() {
            return new Decision.Admitted(
                            new TenantName(tenant),
                            container,
                            new GuestUser(user),
                            ticket,
                            expiresAt,
                            rules,
                            null,
                            policy == null ? Decision.SessionPolicy.NONE : policy,
                            new Decision.Standby(ticket, expiresAt))
                    .onStandby();
        }
    }

    private record Lines(List<Line> lines) {}

    /** A file that can't be read is as good as none: the next login asks the platform anyway. */
    List<Line> read() {
        try {
            return json.readValue(Files.readAllBytes(file), Lines.class).lines();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | RuntimeException e) { // no JSON, no such lines, or lines that lack something
            LOG.warn("event=standby-unreadable file={}, ignoring", file, e);
            return List.of();
        }
    }

    /** Whole or not at all. */
    void write(List<Line> lines) {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(draft);
            try (var out = Files.newByteChannel(
                    draft,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                var bytes = ByteBuffer.wrap(json.writeValueAsBytes(new Lines(lines)));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("event=standby-not-kept file={}, ignoring", file, e);
        }
    }
}
