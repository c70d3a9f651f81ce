// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.gateway.Harbour.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.util.buffer.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A key and then a code, as OpenSSH's client goes through it. */
@Timeout(120)
class SecondFactorIT {
    private static final String HERE = "demo@127.0.0.1";

    @TempDir
    Path directory;

    private Harbour harbour;

    @BeforeEach
    void start() throws Exception {
        harbour = new Harbour(directory, Map.of("BERTH_SSH_PER_SOURCE_PENALTIES", "no"));
        harbour.platform.code = "123456";
    }

    @AfterEach
    void stop() throws Exception {
        harbour.close();
    }

    /** Whoever sits at the client types that. */
    private Output typing(String code, Path key, String... arguments) throws Exception {
        Path askpass = Files.writeString(
                directory.resolve("askpass"),
                "#!/bin/sh\necho \"$1\" >>" + directory.resolve("asked") + "\necho " + code + "\n");
        Files.setPosixFilePermissions(askpass, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> line =
                new ArrayList<>(List.of("env", "DISPLAY=:", "SSH_ASKPASS=" + askpass, "SSH_ASKPASS_REQUIRE=force"));
        for (String word : harbour.command(key, arguments)) {
            line.add(word.equals("BatchMode=yes") ? "BatchMode=no" : word);
        }
        return Harbour.run(line, new byte[0]);
    }

    @Test
    void keyAndCodeTogetherOpenAndChannelsThatFollowNeedNoOther() throws Exception {
        Output output = typing("123456", harbour.key, HERE, "echo in");
        assertThat(output.stdout()).as(output.stderr()).isEqualTo("in\n");
        assertThat(directory.resolve("asked")).content().containsOnlyOnce("Code of your authenticator");
        assertThat(harbour.platform.codes).singleElement().satisfies(shown -> {
            assertThat(shown.get("userName").asString()).isEqualTo("demo");
            assertThat(shown.get("code").asString()).isEqualTo("123456");
            assertThat(shown.get("sourceAddress").asString()).isEqualTo("127.0.0.1");
        });
        assertThat(harbour.agent.tickets).hasSize(1);
        assertThat(harbour.events)
                .extracting(event -> event.kind() + " " + event.outcome())
                .containsOnlyOnce("LOGIN DONE");
    }

    @Test
    void keyAloneOpensNothing() throws Exception {
        Output output = harbour.ssh(HERE, "true");
        assertThat(output.status()).isEqualTo(255);
        assertThat(output.stderr()).contains("Permission denied (keyboard-interactive).");
        assertThat(harbour.agent.tickets).isEmpty();
    }

    @Test
    void wrongCodeOpensNothingAndSaysWhy() throws Exception {
        Output output = typing("654321", harbour.key, HERE, "true");
        assertThat(output.status()).isEqualTo(255);
        assertThat(output.stderr()).contains("berth: not this one");
        assertThat(harbour.platform.codes).hasSize(3); // as often as OpenSSH's client asks
        assertThat(harbour.agent.tickets).isEmpty();
    }

    @Test
    void strangersAreAskedForNoCode() throws Exception {
        Output output = typing("123456", harbour.newKey("stranger", "ed25519"), HERE, "true");
        assertThat(output.stderr()).contains("Permission denied (publickey).");
        assertThat(harbour.platform.codes).isEmpty();
    }

    @Test
    void codeWithoutAKeyOpensNothing() throws Exception {
        Output output =
                typing("123456", harbour.key, "-o", "PreferredAuthentications=keyboard-interactive", HERE, "true");
        assertThat(output.status()).isEqualTo(255);
        assertThat(harbour.platform.codes).isEmpty();
    }

    @Test
    void keyThatIsOfferedButNotProvedIsNoneForTheCode() throws Exception {
        var pair =
                new FileKeyPairProvider(harbour.key).loadKeys(null).iterator().next();
        try (SshClient client = SshClient.setUpDefaultClient()) {
            client.start();
            try (ClientSession session = client.connect("demo", "127.0.0.1", harbour.port())
                    .verify(Duration.ofSeconds(20))
                    .getSession()) {
                session.waitFor(List.of(ClientSession.ClientSessionEvent.WAIT_AUTH), Duration.ofSeconds(20));
                Buffer service = session.createBuffer(SshConstants.SSH_MSG_SERVICE_REQUEST);
                service.putString("ssh-userauth");
                session.writePacket(service);
                Buffer offer = request(session, "publickey");
                offer.putBoolean(false); // no signature
                offer.putString("ssh-ed25519");
                offer.putPublicKey(pair.getPublic());
                session.writePacket(offer);
                Buffer ask = request(session, "keyboard-interactive");
                ask.putString("");
                ask.putString("");
                session.writePacket(ask);
                Buffer answer = session.createBuffer(SshConstants.SSH_MSG_USERAUTH_INFO_RESPONSE);
                answer.putUInt(1);
                answer.putString("123456");
                session.writePacket(answer);
                session.close(false).await(Duration.ofSeconds(5));
            }
        }
        assertThat(harbour.ssh(HERE, "true").status()).isEqualTo(255); // whatever was said is dealt with
        assertThat(harbour.platform.requests).hasSize(2); // it was offered, and known
        assertThat(harbour.platform.codes).isEmpty();
        assertThat(harbour.events)
                .extracting(event -> event.kind() + " " + event.outcome())
                .doesNotContain("LOGIN DONE");
    }

    private static Buffer request(ClientSession session, String method) throws Exception {
        Buffer packet = session.createBuffer(SshConstants.SSH_MSG_USERAUTH_REQUEST);
        packet.putString("demo");
        packet.putString("ssh-connection");
        packet.putString(method);
        return packet;
    }

    @Test
    void withoutThePlatformNobodyOfSuchATenantGetsIn() throws Exception {
        harbour.platform.code = null;
        assertThat(harbour.ssh(HERE, "true").status()).isZero();
        harbour.platform.code = "123456";
        assertThat(harbour.ssh(HERE, "true").status()).isEqualTo(255); // takes back what was kept
        harbour.platform.close();
        assertThat(harbour.ssh(HERE, "true").stderr()).contains(Banner.TRY_AGAIN.line());
    }
}
