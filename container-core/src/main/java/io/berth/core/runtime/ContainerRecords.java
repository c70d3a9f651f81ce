// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.protocol.Wire;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.Devices;
import io.berth.core.spec.Limits;
import io.berth.core.spec.NetworkRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The records on disk, in a directory of root's own. A file is replaced whole or not at all, and is on disk when saved. */
final class ContainerRecords {
    private static final String SUFFIX = ".json";

    private final Path directory;

    ContainerRecords(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    /** Every record; what a crash left of an unfinished save is removed. */
    List<ContainerRecord> load() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> all = files.toList();
            for (Path file :
                    all.stream().filter(f -> !f.toString().endsWith(SUFFIX)).toList()) {
                Files.delete(file);
            }
            return all.stream()
                    .filter(f -> f.toString().endsWith(SUFFIX))
                    .map(ContainerRecords::read)
                    .toList();
        }
    }

    /** Stored, and on disk when this returns: for what must outlive a power cut. */
    void save(ContainerRecord record) {
        store(record, true);
        syncDirectory();
    }

    /** Stored for the next agent, not for the next boot: for what a power cut makes void or what can be asked again. */
    void note(ContainerRecord record) {
        store(record, false);
    }

    private void store(ContainerRecord record, boolean sync) {
        Path temporary = directory.resolve(record.id() + ".new");
        try {
            write(temporary, Wire.json().writerWithDefaultPrettyPrinter().writeValueAsBytes(record), sync);
            Files.move(temporary, file(record.id()), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("saving the record of container " + record.id() + " in " + directory, e);
        }
    }

    void remove(ContainerId id) {
        try {
            Files.deleteIfExists(file(id));
            syncDirectory();
        } catch (IOException e) {
            throw new UncheckedIOException("removing the record of container " + id + " in " + directory, e);
        }
    }

    private Path file(ContainerId id) {
        return directory.resolve(id + SUFFIX);
    }

    private static ContainerRecord read(Path file) {
        try {
            return Wire.json()
                    .treeToValue(completed(Wire.json().readTree(Files.readAllBytes(file))), ContainerRecord.class);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        } catch (JacksonException e) {
            throw new IllegalStateException(
                    file + " is no container record (" + e.getOriginalMessage()
                            + "); restore it from a backup or move it away",
                    e);
        }
    }

    /** Fields that an earlier version did not write. */
    private static JsonNode completed(JsonNode record) {
        if (record instanceof ObjectNode fields && !fields.has("quarantine")) {
            fields.putNull("quarantine");
        }
        if (record instanceof ObjectNode fields && !fields.has("snapshots")) {
            fields.putArray("snapshots");
            fields.put("inheritedBytes", 0);
            fields.put("copying", false);
        }
        if (record.path("spec") instanceof ObjectNode spec && !spec.has("devices")) {
            spec.set("devices", Wire.json().valueToTree(Devices.NONE));
        }
        if (record.path("spec") instanceof ObjectNode spec && !spec.has("volumes")) {
            spec.putArray("volumes");
        }
        if (record.path("spec") instanceof ObjectNode spec && !spec.has("networkRules")) {
            spec.set("networkRules", Wire.json().valueToTree(NetworkRules.NONE));
        }
        if (record.path("spec").path("devices") instanceof ObjectNode devices && !devices.has("gpu")) {
            devices.put("gpu", false);
        }
        if (record.path("spec").path("limits") instanceof ObjectNode limits && !limits.has("diskBytes")) {
            limits.put("diskBytes", Limits.DEFAULT_DISK_BYTES);
        }
        return record;
    }

    private static void write(Path file, byte[] bytes, boolean sync) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            if (sync) {
                channel.force(true);
            }
        }
    }

    private void syncDirectory() {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException("syncing " + directory, e);
        }
    }
}
