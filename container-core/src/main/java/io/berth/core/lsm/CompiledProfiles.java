// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lsm;

import io.berth.core.spec.ContainerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Profiles as the kernel takes them. Compiling takes tens of milliseconds, more than the rest of a birth, so each is kept under a name
 * that changes with whatever it was made from: the text, and the kernel, whose features the parser looks at.
 */
record CompiledProfiles(Path directory, Parser parser) {
    private static final Path KERNEL = Path.of("/proc/sys/kernel/osrelease");
    private static final int DIGITS = 16;

    byte[] get(ContainerId id, AppArmorProfile profile) {
        try {
            Path file = directory.resolve(id + "-" + digest(profile.text() + Files.readString(KERNEL)));
            return Files.exists(file) ? Files.readAllBytes(file) : compile(id, profile, file);
        } catch (IOException e) {
            throw new UncheckedIOException("keeping the AppArmor profile of " + id, e);
        }
    }

    private byte[] compile(ContainerId id, AppArmorProfile profile, Path file) throws IOException {
        remove(id);
        byte[] compiled = parser.compile(profile.text());
        Files.createDirectories(directory);
        Path fresh = directory.resolve(id + ".new");
        Files.write(fresh, compiled);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        return compiled;
    }

    void remove(ContainerId id) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (var files = Files.newDirectoryStream(directory, id + "*")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("removing the AppArmor profile of " + id, e);
        }
    }

    private static String digest(String text) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sum).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
