// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.gateway.Harbour.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** User certificates made by ssh-keygen and shown by OpenSSH's client. Whose CA it is, the platform says. */
@Timeout(120)
class CertificateIT {
    @TempDir
    Path directory;

    private Harbour harbour;
    private Path authority;

    @BeforeEach
    void start() throws Exception {
        harbour = new Harbour(directory);
        authority = harbour.newKey("ca", "ed25519");
    }

    @AfterEach
    void stop() throws Exception {
        harbour.close();
    }

    private Path certified(String type, String... options) throws Exception {
        Path key = harbour.newKey("id_" + type, type);
        List<String> line =
                new ArrayList<>(List.of("ssh-keygen", "-q", "-s", authority.toString(), "-I", "x", "-n", "demo"));
        line.addAll(List.of(options));
        line.add(key + ".pub");
        assertThat(Harbour.run(line, new byte[0]).stderr()).isEmpty();
        String[] fields = Files.readString(Path.of(key + "-cert.pub")).split(" ", -1);
        harbour.platform.keys.put(fields[0] + " " + fields[1], "ALLOW");
        return key;
    }

    @Test
    void certificateOfEveryKindOfKeyReachesThePlatformByteForByte() throws Exception {
        for (String type : List.of("ed25519", "rsa", "ecdsa")) {
            Path key =
                    certified(type, "-V", "-1h:+1h", "-O", "source-address=127.0.0.0/8,::1", "-O", "force-command=id");
            assertThat(harbour.sshWith(key, "demo@127.0.0.1", "echo in").stdout())
                    .as(type)
                    .isEqualTo("in\n");
        }
    }

    @Test
    void expiredOneIsRefusedBeforeThePlatformIsAsked() throws Exception {
        assertRefused(certified("ed25519", "-V", "-2h:-1h"));
        assertThat(harbour.platform.requests)
                .noneMatch(request -> request.get("publicKey").asString().contains("-cert-"));
    }

    @Test
    void oneThatIsNotValidYetIsRefused() throws Exception {
        assertRefused(certified("ed25519", "-V", "+1h:+2h"));
    }

    @Test
    void fromElsewhereItIsRefused() throws Exception {
        assertRefused(certified("ed25519", "-V", "+1h", "-O", "source-address=192.0.2.0/24"));
    }

    @Test
    void hostCertificateIsRefused() throws Exception {
        assertRefused(certified("ed25519", "-h", "-V", "+1h"));
    }

    @Test
    void unknownCriticalOptionIsRefused() throws Exception {
        assertRefused(certified("ed25519", "-V", "+1h", "-O", "critical:new-rule@example.org=x"));
    }

    @Test
    void verificationThatAPlainKeyCannotShowIsRefused() throws Exception {
        assertRefused(certified("ed25519", "-V", "+1h", "-O", "verify-required"));
    }

    @Test
    void certificateWithoutItsPrivateKeyIsNotEnough() throws Exception {
        Path key = certified("ed25519", "-V", "+1h");
        Path other = harbour.newKey("other", "ed25519");
        Output output = harbour.sshWith(other, "-o", "CertificateFile=" + key + "-cert.pub", "demo@127.0.0.1", "true");
        assertThat(output.status()).isEqualTo(255);
        assertThat(harbour.agent.tickets).isEmpty();
    }

    private void assertRefused(Path key) throws Exception {
        Output output = harbour.sshWith(key, "demo@127.0.0.1", "true");
        assertThat(output.status()).isEqualTo(255);
        assertThat(output.stderr()).contains(Banner.NO_ACCESS.line());
        assertThat(harbour.agent.tickets).isEmpty();
    }
}
