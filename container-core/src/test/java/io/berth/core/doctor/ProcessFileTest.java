// SPDX-License-Identifier: Apache-2.0
package io.berth.core.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessFileTest {
    private final int self = (int) ProcessHandle.current().pid();

    @Test
    void aProcessIsItsPidAndItsStartTime(@TempDir Path run) throws Exception {
        var files = new ProcessFile(run);
        Path file = run.resolve("agent.pid");
        assertThat(files.find("agent")).isEmpty();
        Files.writeString(file, self + " " + ProcessFile.startTime(self) + "\n");
        assertThat(files.find("agent")).contains(self);
        Files.writeString(file, self + " 1\n");
        assertThat(files.find("agent")).isEmpty();
        Files.writeString(file, "garbage");
        assertThat(files.find("agent")).isEmpty();
    }

    @Test
    void aProcessThatIsGoneHasNoStartTime() {
        assertThat(ProcessFile.startTime(0)).isEmpty();
    }
}
