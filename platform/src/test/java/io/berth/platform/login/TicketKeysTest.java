// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.platform.settings.InvalidSettingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TicketKeysTest {
    @Test
    void pairIsMadeOnceAndTheSecretIsTheOwnersAlone(@TempDir Path directory) throws Exception {
        var first = TicketKeys.load(directory);
        assertThat(TicketKeys.load(directory)).isEqualTo(first);
        assertThat(Files.getPosixFilePermissions(directory.resolve("ticket.key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(directory.resolve("ticket.pub")))
                .isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(directory.resolve("ticket.key")).content().startsWith("-----BEGIN PRIVATE KEY-----\n");
        assertThat(directory.resolve("ticket.pub")).content().startsWith("-----BEGIN PUBLIC KEY-----\n");
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("ticket.key", "ticket.pub");
    }

    @Test
    void aDamagedKeyIsNamedWithTheCure(@TempDir Path directory) throws Exception {
        Files.writeString(
                directory.resolve("ticket.key"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertThatThrownBy(() -> TicketKeys.load(directory))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("ticket.key")
                .hasMessageContaining("move the file away");
    }
}
