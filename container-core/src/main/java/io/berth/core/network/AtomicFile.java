// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that is replaced whole or not at all, whoever dies meanwhile. It is not forced to disk, which would cost a container's start
 * more than its whole connection: after a power cut it may be older, empty or missing, and its readers take that for "nothing noted".
 */
final class AtomicFile {
    /** Begins the names of unfinished files; dnsmasq, too, passes over a name that begins with a dot. */
    static final String UNFINISHED = ".";

    private AtomicFile() {}

    /** @param permissions such as {@code rw-r-----} */
    static void write(Path file, String text, String permissions) {
        Path directory = file.toAbsolutePath().getParent();
        Path name = file.getFileName();
        if (directory == null || name == null) {
            throw new IllegalArgumentException(file + " is no file in a directory");
        }
        Path unfinished = directory.resolve(UNFINISHED + name);
        try {
            Files.deleteIfExists(unfinished);
            Set<PosixFilePermission> wanted = PosixFilePermissions.fromString(permissions);
            create(unfinished, text, wanted);
            Files.setPosixFilePermissions(unfinished, wanted); // whatever the umask took away
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new NetworkException("writing " + file + ": " + e.getMessage(), e);
        }
    }

    private static void create(Path file, String text, Set<PosixFilePermission> permissions) throws IOException {
        FileAttribute<Set<PosixFilePermission>> mode = PosixFilePermissions.asFileAttribute(permissions);
        try (FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
            ByteBuffer buffer = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }
}
