// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.access.AccessRules;
import io.berth.core.access.ForwardingRules;
import io.berth.core.access.Sources;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.sshd.agent.SshAgent;
import org.apache.sshd.agent.SshAgentFactory;
import org.apache.sshd.agent.SshAgentKeyConstraint;
import org.apache.sshd.agent.SshAgentServer;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.u2f.SkED25519PublicKey;
import org.apache.sshd.common.config.keys.u2f.SkEcdsaPublicKey;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * FIDO keys. No authenticator is here: an agent of the test's signs as one does, by OpenSSH's PROTOCOL.u2f, with a key whose
 * private half it has, and with the flags that a test wants.
 */
@Timeout(120)
class SecurityKeyIT {
    private static final int TOUCHED = 0x01;
    private static final int VERIFIED = 0x04;
    private static final String APPLICATION = "ssh:";

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

    private static AccessRules rules(boolean touch, boolean pin) {
        return new AccessRules(Sources.EVERYWHERE, null, null, true, touch, pin, ForwardingRules.EVERYTHING);
    }

    @Test
    void touchedKeyOfEitherKindLogsIn() throws Exception {
        assertThat(logsIn(ed25519(TOUCHED))).isTrue();
        assertThat(logsIn(ecdsa(TOUCHED))).isTrue();
    }

    @Test
    void untouchedKeyIsRefusedUnlessItsRuleSaysOtherwise() throws Exception {
        assertThat(logsIn(ed25519(0))).isFalse();
        assertThat(logsIn(ecdsa(VERIFIED))).isFalse();
        harbour.platform.rules = rules(false, false);
        assertThat(logsIn(ed25519(0))).isTrue();
        assertThat(logsIn(ecdsa(0))).isTrue();
    }

    @Test
    void pinIsDemandedWhereTheRuleSaysSo() throws Exception {
        harbour.platform.rules = rules(true, true);
        assertThat(logsIn(ed25519(TOUCHED))).isFalse();
        assertThat(logsIn(ecdsa(TOUCHED))).isFalse();
        assertThat(logsIn(ed25519(TOUCHED | VERIFIED))).isTrue();
        assertThat(logsIn(ecdsa(TOUCHED | VERIFIED))).isTrue();
    }

    @Test
    void flagsAreSignedAndCannotBeAddedAfterwards() throws Exception {
        harbour.platform.rules = rules(true, true);
        Authenticator honest = ed25519(TOUCHED);
        assertThat(logsIn(new Authenticator(honest.key, honest.secret, TOUCHED, TOUCHED | VERIFIED)))
                .isFalse();
    }

    @Test
    void signatureForAnotherApplicationIsRefused() throws Exception {
        Authenticator one = ed25519(TOUCHED);
        SkED25519PublicKey key = (SkED25519PublicKey) one.key;
        var other = new SkED25519PublicKey("ssh:other", false, false, key.getDelegatePublicKey());
        assertThat(logsIn(new Authenticator(other, one.secret, TOUCHED, TOUCHED)))
                .isFalse();
    }

    private static Authenticator ed25519(int flags) throws GeneralSecurityException {
        KeyPair pair = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
        return new Authenticator(
                new SkED25519PublicKey(APPLICATION, false, false, pair.getPublic()), pair.getPrivate(), flags, flags);
    }

    private static Authenticator ecdsa(int flags) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        return new Authenticator(
                new SkEcdsaPublicKey(APPLICATION, false, false, (ECPublicKey) pair.getPublic()),
                pair.getPrivate(),
                flags,
                flags);
    }

    private boolean logsIn(Authenticator authenticator) throws Exception {
        var blob = new ByteArrayBuffer();
        blob.putRawPublicKey(authenticator.key);
        harbour.platform.keys.put(
                KeyUtils.getKeyType(authenticator.key) + " "
                        + Base64.getEncoder().encodeToString(blob.getCompactData()),
                "ALLOW");
        try (SshClient client = SshClient.setUpDefaultClient()) {
            client.setAgentFactory(authenticator);
            client.start();
            try (ClientSession session = client.connect("demo", "127.0.0.1", harbour.port())
                    .verify(Duration.ofSeconds(20))
                    .getSession()) {
                session.auth().verify(Duration.ofSeconds(20));
                return true;
            } catch (SshException e) {
                return false;
            }
        }
    }

    /** Signs as a security key does; it may lie about the flags that it has signed. */
    private static final class Authenticator implements SshAgent, SshAgentFactory {
        private final PublicKey key;
        private final PrivateKey secret;
        private final int signedFlags;
        private final int toldFlags;

        Authenticator(PublicKey key, PrivateKey secret, int signedFlags, int toldFlags) {
            this.key = key;
            this.secret = secret;
            this.signedFlags = signedFlags;
            this.toldFlags = toldFlags;
        }

        @Override
        public Iterable<? extends Map.Entry<PublicKey, String>> getIdentities() {
            return List.of(new SimpleImmutableEntry<>(key, "security key"));
        }

        @Override
        public Map.Entry<String, byte[]> sign(SessionContext session, PublicKey asked, String algorithm, byte[] data) {
            try {
                int counter = 7;
                var signed = new ByteArrayBuffer();
                signed.putRawBytes(sha256(APPLICATION.getBytes(UTF_8)));
                signed.putByte((byte) signedFlags);
                signed.putUInt(counter);
                signed.putRawBytes(sha256(data));
                var told = new ByteArrayBuffer();
                told.putBytes(signature(signed.getCompactData()));
                told.putByte((byte) toldFlags);
                told.putUInt(counter);
                return new SimpleImmutableEntry<>(KeyUtils.getKeyType(key), told.getCompactData());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        private byte[] signature(byte[] message) throws GeneralSecurityException {
            Signature signature = Signature.getInstance(isEcdsa() ? "SHA256withECDSA" : "Ed25519");
            signature.initSign(secret);
            signature.update(message);
            return isEcdsa() ? numbers(signature.sign()) : signature.sign();
        }

        private boolean isEcdsa() {
            return key instanceof SkEcdsaPublicKey;
        }

        /** From DER's two integers to SSH's two mpints. */
        private static byte[] numbers(byte[] der) {
            int first = der[3];
            int second = der[5 + first];
            var numbers = new ByteArrayBuffer();
            numbers.putBytes(der, 4, first);
            numbers.putBytes(der, 6 + first, second);
            return numbers.getCompactData();
        }

        private static byte[] sha256(byte[] bytes) throws GeneralSecurityException {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        }

        @Override
        public SshAgent createClient(Session session, FactoryManager manager) {
            return this;
        }

        @Override
        public List<ChannelFactory> getChannelForwardingFactories(FactoryManager manager) {
            return List.of();
        }

        @Override
        public @Nullable SshAgentServer createServer(ConnectionService service) {
            return null;
        }

        @Override
        public void addIdentity(KeyPair pair, String comment, SshAgentKeyConstraint... constraints) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void removeIdentity(PublicKey removed) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void removeAllIdentities() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
