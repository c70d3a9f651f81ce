// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys were made by ssh-keygen, and the fingerprints printed by ssh-keygen -l. */
class PublicKeyTest {
    @ParameterizedTest
    @CsvSource({
        "ed25519, ssh-ed25519, SHA256:Rn0hClv+JzvdQt/qmWQSHBuBZROckEm8oBntLoTY//E",
        "rsa, ssh-rsa, SHA256:uTg6JOwAeOCNsRF0W0p36lzAH0e53D8d8bPeBCY6FjY",
        "ec256, ecdsa-sha2-nistp256, SHA256:5g33gPH42wSve7+FFtTFJa0Sc3KnFvmTet9sP7rxrsk",
        "ec384, ecdsa-sha2-nistp384, SHA256:BeyUNzjdi33e0qobiiBcbsfkDjtD14nzg+lGFNSSy+M",
        "ec521, ecdsa-sha2-nistp521, SHA256:+xeBu2Qy6f1c09SR50WIPoQ813/YJh8Bs6dCcwiVBWU",
        "sk-ed25519, sk-ssh-ed25519@openssh.com, SHA256:6JY+ehz5OWi6IHH/Yh3Jj2IbyerqZbXaiGH1CwsSkjM",
        "sk-ecdsa, sk-ecdsa-sha2-nistp256@openssh.com, SHA256:xPh/4Hr0xOdCfD27dTym/g7j4uCpsuKBbLkqknrQMSI",
    })
    void fingerprintIsThatOfSshKeygen(String file, String type, String fingerprint) throws IOException {
        PublicKey key = PublicKey.parse(line(file));
        assertThat(key.type()).isEqualTo(type);
        assertThat(key.fingerprint()).isEqualTo(fingerprint);
        assertThat(PublicKey.parse(key.line()).fingerprint()).isEqualTo(fingerprint);
    }

    @Test
    void commentIsKeptApart() throws IOException {
        PublicKey key = PublicKey.parse(line("ed25519"));
        assertThat(key.comment()).isEqualTo("me@laptop");
        assertThat(key.line()).doesNotContain("laptop");
    }

    @ParameterizedTest
    @CsvSource({"dsa, DSA", "rsa1024, 1024 bits"})
    void weakKeysAreRefused(String file, String reason) throws IOException {
        String line = line(file);
        assertThatThrownBy(() -> PublicKey.parse(line))
                .isInstanceOf(UnfitKeyException.class)
                .hasMessageContaining(reason)
                .hasMessageContaining("ssh-keygen -t ed25519");
    }

    @Test
    void privateKeyIsRefusedWithoutRepeatingIt() {
        assertThatThrownBy(() -> PublicKey.parse(
                        "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n-----END OPENSSH PRIVATE KEY-----"))
                .isInstanceOf(UnfitKeyException.class)
                .hasMessageContaining("private key")
                .message()
                .doesNotContain("c2VjcmV0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "ssh-ed25519",
                "ssh-ed25519 !!!",
                "ssh-ed25519 AAAA",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDVddbS",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5/////w==",
                "ecdsa-sha2-nistp999 AAAA",
                "ssh-ed25519-cert-v01@openssh.com AAAA",
                "command=\"id\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDVddbS+d5K+L8T77rn8UKrdLfocYcMC23iUvpT4MgLd",
            })
    void whatIsNoKeyIsRefusedInOneLine(String text) {
        assertThatThrownBy(() -> PublicKey.parse(text))
                .isInstanceOf(UnfitKeyException.class)
                .message()
                .doesNotContain("\n")
                .isNotBlank();
    }

    @Test
    void twoKeysAreNotOne() throws IOException {
        String two = line("ed25519") + "\n" + line("rsa");
        assertThatThrownBy(() -> PublicKey.parse(two)).hasMessageContaining("one line");
    }

    @Test
    void theWrittenTypeMustBeTheKeysOwn() throws IOException {
        String lying = line("ed25519").replaceFirst("ssh-ed25519", "ssh-rsa");
        assertThatThrownBy(() -> PublicKey.parse(lying)).hasMessageContaining("differs");
    }

    @Test
    void bytesBehindTheKeyAreRefused() throws IOException {
        byte[] blob = Base64.getDecoder()
                .decode(PublicKey.parse(line("ed25519")).line().substring("ssh-ed25519 ".length()));
        byte[] longer = Arrays.copyOf(blob, blob.length + 3);
        String text = "ssh-ed25519 " + Base64.getEncoder().encodeToString(longer);
        assertThatThrownBy(() -> PublicKey.parse(text)).hasMessageContaining("damaged");
    }

    private static String line(String file) throws IOException {
        try (InputStream stream = Objects.requireNonNull(PublicKeyTest.class.getResourceAsStream(file + ".pub"))) {
            return new String(stream.readAllBytes(), StandardCharsets.US_ASCII).strip();
        }
    }
}
