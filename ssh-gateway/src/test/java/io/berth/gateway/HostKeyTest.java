// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostKeyTest {
    @TempDir
    Path directory;

    @Test
    void isMadeOnceInOpensshsFormForItsOwnerOnly() throws Exception {
        Path file = directory.resolve("key");
        String first = fingerprint(file);
        assertThat(file).content().startsWith("-----BEGIN OPENSSH PRIVATE KEY-----");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(fingerprint(file)).isEqualTo(first);
        try (var entries = Files.list(directory)) {
            assertThat(entries).containsExactly(file);
        }
    }

    @Test
    void remainsOfAnInterruptedStartAreReplaced() throws Exception {
        Files.writeString(directory.resolve("key.new"), "half a k");
        assertThat(fingerprint(directory.resolve("key"))).startsWith("SHA256:");
        assertThat(directory.resolve("key.new")).doesNotExist();
    }

    @Test
    void keyThatOthersMayReadIsRefused() throws Exception {
        Path file = directory.resolve("key");
        fingerprint(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> HostKey.loadOrMake(file))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("chmod 600 " + file);
    }

    @Test
    void textThatIsNoKeyIsRefusedInOneLine() throws Exception {
        Path file = directory.resolve("key");
        Files.writeString(file, "no key\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> HostKey.loadOrMake(file))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(file.toString())
                .hasMessageNotContaining("\n");
    }

    @Test
    void missingDirectoryIsNamed() {
        assertThatThrownBy(() -> HostKey.loadOrMake(directory.resolve("nowhere/key")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("nowhere")
                .hasMessageContaining("make its directory");
    }

    private static String fingerprint(Path file) throws Exception {
        var pair = HostKey.loadOrMake(file).loadKeys(null).iterator().next();
        return KeyUtils.getFingerPrint(pair.getPublic());
    }
}
