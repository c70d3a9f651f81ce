// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.gateway.Harbour.Output;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in and what the others are told. */
@Timeout(120)
class LoginIT {
    private static final String NO_ACCESS =
            "berth: no access with this key; add your public key in the portal or by REST, then try again\n";

    @TempDir
    Path directory;

    private Harbour harbour;

    @BeforeEach
    void start() throws Exception {
        harbour = new Harbour(directory);
    }

    @AfterEach
    void stop() throws Exception {
        harbour.close();
    }

    @Test
    void knownKeyLogsInWithOneQuestionToThePlatform() throws Exception {
        assertThat(harbour.ssh("root+demo@127.0.0.1", "echo in").stdout()).isEqualTo("in\n");
        assertThat(harbour.platform.requests).singleElement().satisfies(request -> {
            assertThat(request.get("userName").asString()).isEqualTo("root+demo");
            assertThat(request.get("publicKey").asString()).matches("ssh-ed25519 [A-Za-z0-9+/=]+");
            assertThat(request.get("sourceAddress").asString()).isEqualTo("127.0.0.1");
        });
        assertThat(harbour.agent.tickets).containsExactly("ticket-1");
    }

    @Test
    void everyKindOfKeyLogsIn() throws Exception {
        for (String type : List.of("rsa", "ecdsa", "ed25519")) {
            Path key = harbour.newKey("id_" + type, type);
            harbour.allow(key);
            assertThat(harbour.sshWith(key, "demo@127.0.0.1", "true").status())
                    .as(type)
                    .isZero();
        }
    }

    @Test
    void unknownKeyIsRefusedWithTheCure() throws Exception {
        Output output = harbour.sshWith(harbour.newKey("stranger", "ed25519"), "demo@127.0.0.1", "true");
        assertThat(output.status()).isEqualTo(255);
        assertThat(output.stderr()).containsOnlyOnce(NO_ACCESS).contains("Permission denied (publickey)");
        assertThat(harbour.agent.tickets).isEmpty();
    }

    @Test
    void suspendedTenantIsToldTheSameAsAStranger() throws Exception {
        harbour.decide(harbour.key, "SUSPENDED");
        Output output = harbour.ssh("demo@127.0.0.1", "true");
        assertThat(output.stderr())
                .containsOnlyOnce(NO_ACCESS)
                .doesNotContain("never shown")
                .doesNotContainIgnoringCase("suspended");
        assertThat(output.status()).isEqualTo(255);
    }

    @Test
    void quarantineIsToldWithItsReason() throws Exception {
        harbour.decide(harbour.key, "QUARANTINED");
        Output output = harbour.ssh("demo@127.0.0.1", "true");
        assertThat(output.stderr())
                .contains("berth: container 'demo' is in quarantine: it sends spam; contact the platform's operator\n");
        assertThat(output.status()).isEqualTo(1);
        assertThat(harbour.agent.tickets).isEmpty();
    }

    @Test
    void nameThatIsNoNameIsExplained() throws Exception {
        Output output = harbour.ssh("../demo@127.0.0.1", "true");
        assertThat(output.stderr()).contains("berth: '../demo' is no name; use container.tenant\n");
        assertThat(output.status()).isEqualTo(255);
    }

    @Test
    void laterKeyOfSeveralLogsIn() throws Exception {
        Path stranger = harbour.newKey("stranger", "ed25519");
        assertThat(harbour.sshWith(stranger, "-i", harbour.key.toString(), "demo@127.0.0.1", "echo in")
                        .stdout())
                .isEqualTo("in\n");
    }

    @Test
    void sixthRefusedKeyEndsTheConnection() throws Exception {
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            arguments.addAll(
                    List.of("-i", harbour.newKey("stranger" + i, "ed25519").toString()));
        }
        arguments.addAll(List.of("demo@127.0.0.1", "true"));
        Output output = harbour.sshWith(directory.resolve("stranger0"), arguments.toArray(String[]::new));
        assertThat(output.stderr()).containsOnlyOnce(NO_ACCESS).contains("Too many authentication failures");
        assertThat(harbour.platform.requests).hasSize(6);
    }

    @Test
    void onlyKeysAreOffered() throws Exception {
        Output output = harbour.ssh("-o", "PreferredAuthentications=password,keyboard-interactive", "demo@127.0.0.1");
        assertThat(output.stderr()).contains("Permission denied (publickey).");
    }

    @Test
    void silentPlatformIsToldApartFromARefusal() throws Exception {
        harbour.platform.close();
        Output output = harbour.ssh("demo@127.0.0.1", "true");
        assertThat(output.stderr())
                .contains("berth: the platform does not answer; try again in a moment\n")
                .doesNotContain("no access");
        assertThat(output.status()).isEqualTo(255);
    }

    @Test
    void publicKeyAloneIsNotEnough() throws Exception {
        KeyPair known =
                new FileKeyPairProvider(harbour.key).loadKeys(null).iterator().next();
        KeyPair other = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
        try (SshClient client = SshClient.setUpDefaultClient()) {
            client.start();
            try (ClientSession session = connect(client)) {
                session.addPublicKeyIdentity(new KeyPair(known.getPublic(), other.getPrivate()));
                assertThatThrownBy(() -> session.auth().verify(Duration.ofSeconds(20)))
                        .isInstanceOf(SshException.class);
            }
        }
        assertThat(harbour.platform.requests).isNotEmpty(); // the key was offered and known
        assertThat(harbour.agent.tickets).isEmpty();
    }

    @Test
    void keysOfferAndSignatureMustBeTheSameKeys() throws Exception {
        Path stranger = harbour.newKey("stranger", "ed25519");
        KeyPair known =
                new FileKeyPairProvider(harbour.key).loadKeys(null).iterator().next();
        KeyPair unknown =
                new FileKeyPairProvider(stranger).loadKeys(null).iterator().next();
        try (SshClient client = SshClient.setUpDefaultClient()) {
            client.start();
            try (ClientSession session = connect(client)) {
                session.addPublicKeyIdentity(new KeyPair(known.getPublic(), unknown.getPrivate()));
                session.addPublicKeyIdentity(unknown);
                assertThatThrownBy(() -> session.auth().verify(Duration.ofSeconds(20)))
                        .isInstanceOf(SshException.class);
            }
        }
        assertThat(harbour.agent.tickets).isEmpty();
    }

    private ClientSession connect(SshClient client) throws Exception {
        return client.connect("demo", "127.0.0.1", harbour.port())
                .verify(Duration.ofSeconds(20))
                .getSession();
    }

    @Test
    void versionTellsNoVersion() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), harbour.port())) {
            byte[] line = socket.getInputStream().readNBytes("SSH-2.0-OpenSSH_Berth\r\n".length());
            assertThat(new String(line, US_ASCII)).isEqualTo("SSH-2.0-OpenSSH_Berth\r\n");
        }
    }

    @Test
    void keyExchangeIsPostQuantumAndStrict() throws Exception {
        Output output = harbour.ssh("-vvv", "demo@127.0.0.1", "true");
        assertThat(output.stderr())
                .contains("kex: algorithm: sntrup761x25519-sha512")
                .contains("kex-strict-s-v00@openssh.com"); // CVE-2023-48795
    }

    @Test
    void mlkemIsSpoken() throws Exception {
        try (SshClient client = SshClient.setUpDefaultClient()) {
            client.setKeyExchangeFactories(NamedFactory.setUpTransformedFactories(
                    false, List.of(BuiltinDHFactories.mlkem768x25519), ClientBuilder.DH2KEX));
            client.start();
            try (ClientSession session = connect(client)) {
                session.addPublicKeyIdentity(new FileKeyPairProvider(harbour.key)
                        .loadKeys(null)
                        .iterator()
                        .next());
                session.auth().verify(Duration.ofSeconds(20));
                assertThat(session.getKexNegotiationResult().get(KexProposalOption.ALGORITHMS))
                        .isEqualTo("mlkem768x25519-sha256");
            }
        }
    }

    @Test
    void weakAlgorithmsAreAbsent() throws Exception {
        for (String option : List.of(
                "KexAlgorithms=diffie-hellman-group14-sha256",
                "KexAlgorithms=ecdh-sha2-nistp256",
                "MACs=hmac-sha2-256",
                "MACs=hmac-sha1",
                "HostKeyAlgorithms=ssh-rsa")) {
            String cipher = option.startsWith("MACs") ? "aes128-ctr" : "aes128-gcm@openssh.com";
            Output output = harbour.ssh("-c", cipher, "-o", option, "demo@127.0.0.1", "true");
            assertThat(output.stderr()).as(option).contains("no matching");
        }
    }

    @Test
    void platformIsToldTheHostKeyOnceAnHour() throws Exception {
        var bulletin = harbour.bulletin();
        for (int minute = 0; minute < 61; minute++) {
            bulletin.minute();
        }
        assertThat(harbour.platform.hostKeys).singleElement().satisfies(shown -> {
            assertThat(shown.get("publicKey").asString()).matches("ssh-ed25519 [A-Za-z0-9+/=]+");
            assertThat(shown.get("port").asInt()).isEqualTo(harbour.port());
        });
        bulletin.minute();
        assertThat(harbour.platform.hostKeys).hasSize(2);
    }

    @Test
    void whoeverComesSeesTheOperatorsBanner() throws Exception {
        Path banner = Files.writeString(directory.resolve("banner"), "file://for members only\nothers: go\n");
        try (var at = new Harbour(
                Files.createDirectory(directory.resolve("other")), Map.of("BERTH_SSH_BANNER", banner.toString()))) {
            assertThat(at.ssh("demo@127.0.0.1", "true").stderr()).contains("file://for members only\nothers: go\n");
            assertThat(at.sshWith(at.newKey("stranger", "ed25519"), "demo@127.0.0.1", "true")
                            .stderr())
                    .contains("file://for members only\n");
        }
    }

    @Test
    void hostKeyOutlivesTheGateway() throws Exception {
        assertThat(harbour.ssh("demo@127.0.0.1", "true").status()).isZero();
        byte[] key = java.nio.file.Files.readAllBytes(directory.resolve("ssh_host_ed25519_key"));
        HostKey.loadOrMake(directory.resolve("ssh_host_ed25519_key"));
        assertThat(directory.resolve("ssh_host_ed25519_key")).hasBinaryContent(key);
    }
}
