// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.gateway.Harbour.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** hostkeys-00@openssh.com and hostkeys-prove-00@openssh.com, as OpenSSH's client takes them. */
@Timeout(120)
class HostKeyRotationIT {
    @TempDir
    Path directory;

    private static Output updated(Harbour at, String strictness) throws Exception {
        return at.ssh(
                "-v",
                "-o",
                "UpdateHostKeys=yes",
                "-o",
                "HostKeyAlias=gateway",
                "-o",
                "StrictHostKeyChecking=" + strictness,
                "demo@127.0.0.1",
                "true"); // the client asks for proofs before it asks for that, and is answered in that order
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private String publicKey(Path key) throws Exception {
        return Harbour.run(List.of("ssh-keygen", "-y", "-f", key.toString()), new byte[0])
                .stdout()
                .split(" ", -1)[1]
                .strip();
    }

    @Test
    void clientLearnsTheComingKeyAndTrustsItOnceItIsTheOne() throws Exception {
        Path next = file("ssh_host_ed25519_key.next");
        Path current = file("ssh_host_ed25519_key");
        Harbour.run(List.of("ssh-keygen", "-q", "-N", "", "-t", "ed25519", "-f", next.toString()), new byte[0]);
        String coming = publicKey(next);
        try (var at = new Harbour(directory)) {
            String old = publicKey(current);
            assertThat(updated(at, "accept-new").status()).isZero();
            Output second = updated(at, "yes"); // from a key that was not known already it learns no others
            assertThat(second.status()).as(second.stderr()).isZero();
            assertThat(file("known_hosts"))
                    .as(second.stderr())
                    .content()
                    .contains(old)
                    .contains(coming);
            at.bulletin().minute();
            assertThat(at.platform.hostKeys)
                    .extracting(shown -> shown.get("publicKey").asString())
                    .containsExactly("ssh-ed25519 " + old, "ssh-ed25519 " + coming);
        }
        Files.move(next, current, StandardCopyOption.REPLACE_EXISTING);
        Files.delete(file("id"));
        try (var at = new Harbour(directory)) {
            Output output = updated(at, "yes");
            assertThat(output.status()).as(output.stderr()).isZero();
            assertThat(file("known_hosts"))
                    .content()
                    .containsOnlyOnce("gateway ")
                    .contains(coming);
        }
    }

    @Test
    void onlyKeysOfOursAreProvedAndNoMoreThanThereAre() throws Exception {
        try (var at = new Harbour(directory);
                SshClient client = SshClient.setUpDefaultClient()) {
            client.start();
            byte[] ours = blob(publicKey(file("ssh_host_ed25519_key")));
            byte[] anothers = blob(publicKey(at.newKey("stranger", "ed25519")));
            try (ClientSession session = loggedIn(client, at)) {
                assertThat(answer(session, ours)).isNotNull();
                assertThat(answer(session, anothers)).isNull();
                assertThat(answer(session, ours, anothers)).isNull();
                assertThat(answer(session, ours, ours)).isNull();
                assertThat(answer(session)).isNull();
            }
        }
    }

    private static byte[] blob(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    private static ClientSession loggedIn(SshClient client, Harbour at) throws Exception {
        ClientSession session = client.connect("demo", "127.0.0.1", at.port())
                .verify(Duration.ofSeconds(20))
                .getSession();
        session.addPublicKeyIdentity(
                new FileKeyPairProvider(at.key).loadKeys(null).iterator().next());
        session.auth().verify(Duration.ofSeconds(20));
        return session;
    }

    private static @Nullable Buffer answer(ClientSession session, byte[]... blobs) throws Exception {
        var packet = session.createBuffer((byte) 80);
        packet.putString("hostkeys-prove-00@openssh.com");
        packet.putBoolean(true);
        for (byte[] blob : blobs) {
            packet.putBytes(blob);
        }
        return session.request("hostkeys-prove-00@openssh.com", packet, Duration.ofSeconds(20));
    }
}
