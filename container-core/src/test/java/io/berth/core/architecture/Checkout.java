// SPDX-License-Identifier: Apache-2.0
package io.berth.core.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The source tree that the tests run from. */
final class Checkout {
    static final Path HOME = home(Path.of("").toAbsolutePath());

    private Checkout() {}

    private static Path home(Path directory) {
        if (Files.exists(directory.resolve("docs/SECURITY.md"))) {
            return directory;
        }
        Path parent = directory.getParent();
        if (parent == null) {
            throw new IllegalStateException("no docs/SECURITY.md in a directory above; run the tests in a checkout");
        }
        return home(parent);
    }

    static List<Path> files(Path directory, String suffix) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> file.toString().endsWith(suffix))
                    .filter(Files::isRegularFile)
                    .toList();
        }
    }
}
