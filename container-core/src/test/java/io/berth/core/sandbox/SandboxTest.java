// SPDX-License-Identifier: Apache-2.0
package io.berth.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.linux.LandlockAccess;
import io.berth.core.sandbox.Sandbox.Use;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxTest {
    @Test
    void whatIsNotThereIsLeftOut(@TempDir Path directory) {
        Sandbox sandbox = Sandbox.ofThisJava()
                .path(Use.WRITE, directory.resolve("missing"))
                .build();
        assertThat(sandbox.paths()).doesNotContainKey(directory.resolve("missing"));
    }

    @Test
    void linksCountAsWhatTheyLeadTo(@TempDir Path directory) throws IOException {
        Path real = Files.createDirectory(directory.toRealPath().resolve("real"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), real);
        Sandbox sandbox = Sandbox.ofThisJava().path(Use.WRITE, link).build();
        assertThat(sandbox.paths()).containsEntry(real, Use.WRITE).doesNotContainKey(link);
    }

    @Test
    void nothingThatIsWrittenIsExecutedAndNoDeviceIsMade() {
        assertThat(Use.WRITE.access())
                .doesNotContain(
                        LandlockAccess.LANDLOCK_ACCESS_FS_EXECUTE,
                        LandlockAccess.LANDLOCK_ACCESS_FS_MAKE_CHAR,
                        LandlockAccess.LANDLOCK_ACCESS_FS_MAKE_BLOCK);
    }

    @Test
    void javaItselfIsAllThatIsExecuted() throws IOException {
        Path home = Path.of(System.getProperty("java.home")).toRealPath();
        assertThat(Sandbox.ofThisJava().build().paths().entrySet())
                .filteredOn(rule -> rule.getValue() == Use.EXECUTE)
                .extracting(Map.Entry::getKey)
                .allMatch(path ->
                        path.equals(home) || path.getFileName().toString().startsWith("ld-"))
                .contains(home);
    }

    @Test
    void logSaysThePorts() {
        Sandbox sandbox =
                Sandbox.ofThisJava().bind(2222).bind(40000).connect(8080).build();
        assertThat(sandbox.ports()).isEqualTo("bind=2222,40000 connect=8080");
        assertThat(Sandbox.ofThisJava().build().ports()).isEqualTo("bind=none connect=none");
        assertThat(sandbox.arguments("how")).contains("-Dberth.sandbox=how");
    }
}
