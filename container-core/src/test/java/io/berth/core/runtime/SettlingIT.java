// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.core.spec.ContainerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Containers of which a power cut took the files, as one can within seconds of their making. Needs root. */
class SettlingIT {
    @SuppressWarnings("NullAway.Init") // by each test
    private TestNode test;

    @AfterEach
    void close() throws IOException {
        test.node().list().forEach(container -> test.node().delete(container.id()));
        test.close();
    }

    private Path record(ContainerId id) {
        return test.settings().stateDir().resolve("agent/containers/" + id + ".json");
    }

    @ParameterizedTest
    @EnumSource
    void newContainerSettlesByItself(RuntimeSettings.StorageDriver storage) throws IOException {
        test = TestNode.open(storage, 8);
        ContainerId id = test.start("box");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(record(id)).content().contains("\"READY\""));
        assertThat(test.run(id, "id -u").out().strip()).isEqualTo("0");
    }

    @ParameterizedTest
    @EnumSource
    void whatAPowerCutTookIsMadeAnew(RuntimeSettings.StorageDriver storage) throws Exception {
        test = TestNode.open(storage, 8);
        ContainerId id = test.start("box");
        test.node().stop(id, Duration.ofSeconds(10));
        test.node().close();
        Files.writeString(record(id), Files.readString(record(id)).replace("\"READY\"", "\"SETTLING\""));
        Path files = test.settings().stateDir().resolve("pool/containers/" + id);
        assertThat(new ProcessBuilder("rm", "-rf", "--one-file-system", files.toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(files).doesNotExist();
        test.reopen();
        assertThat(record(id)).content().contains("\"READY\"");
        test.node().start(id);
        assertThat(test.run(id, "id -u").out().strip()).isEqualTo("0");
    }
}
