// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.signing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A file of the platform's own that holds a key. */
final class KeyFile {
    static final String SECRET = "rw-------";
    static final String OPEN = "rw-r--r--";

    private KeyFile() {}

    /** Complete or not at all, and never for a moment with more rights than it is to have. */
    static void write(Path file, String text, String mode) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        var permissions = PosixFilePermissions.fromString(mode);
        Files.deleteIfExists(fresh);
        try (var channel = Files.newByteChannel(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(permissions))) {
            channel.write(StandardCharsets.US_ASCII.encode(text));
        }
        Files.setPosixFilePermissions(fresh, permissions); // the umask took some
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
