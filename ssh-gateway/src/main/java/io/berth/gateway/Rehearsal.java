// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.access.AccessRules;
import io.berth.core.client.LoopedProcess;
import io.berth.core.spec.GuestUser;
import io.berth.core.spec.TenantName;
import io.berth.gateway.text.Printable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLogger;

/**
 * Logins of the gateway to itself at its start, and a conversation by each cipher, so that the JIT has compiled the handshake and the
 * way of bytes before the first tenant comes. The second gateway that it plays has an ephemeral port on loopback, keys made for the
 * occasion and a pipe for a process: whoever finds it finds nothing. It ends by itself.
 */
final class Rehearsal implements Runnable {
    /** The system property that says which port to play on; without it, any. */
    static final String PORT = "berth.rehearsal.port";

    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int ROUNDS = 20;
    /** There and back by each of three ciphers: what happens once a packet is compiled well after 5000 of them (HotSpot's Tier4InvocationThreshold). */
    private static final int PACKETS = 2000;

    private static final int PACKET_BYTES = 256;
    /** What OpenSSH's clients choose, old to new. */
    private static final List<BuiltinDHFactories> KEY_EXCHANGES = List.of(
            BuiltinDHFactories.curve25519,
            BuiltinDHFactories.sntrup761x25519_openssh,
            BuiltinDHFactories.mlkem768x25519);

    private static final List<NamedFactory<Cipher>> CIPHERS =
            List.of(new ChaCha20Poly1305.Factory(), BuiltinCiphers.aes128gcm, BuiltinCiphers.aes256gcm);

    @Override
    public void run() {
        long start = System.nanoTime();
        try {
            KeyPair key = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
            KeyPair hostKey = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
            try (var stage = stage(key, hostKey)) {
                stage.start();
                play(stage.port(), key, hostKey);
            }
            LOG.info(
                    "event=rehearsed milliseconds={}",
                    Duration.ofNanos(System.nanoTime() - start).toMillis());
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            LOG.warn("event=rehearsal-failed cause='{}', ignoring", Printable.line(String.valueOf(e.getMessage())));
        }
    }

    private static SshGateway stage(KeyPair key, KeyPair hostKey) {
        String known = PublicKeyEntry.toString(key.getPublic());
        var admitted = new Decision.Admitted(
                new TenantName("rehearsal"),
                "rehearsal",
                new GuestUser("nobody"),
                "none",
                Instant.MAX,
                AccessRules.EVERYTHING,
                null,
                Decision.SessionPolicy.NONE,
                null);
        return new SshGateway(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.getInteger(PORT, 0)),
                HostKeys.of(hostKey),
                request -> request.publicKey().equals(known) ? admitted : new Decision.Refused("UNKNOWN_KEY"),
                (_, _) -> new LoopedProcess(),
                new RehearsedSockets(),
                new LimitVariables(Map.of()).read(),
                Clock.systemUTC(),
                new Watch(
                        new LiveSessions(),
                        _ -> {},
                        (_, _, _) -> {
                            throw new IllegalStateException("nobody wants it recorded");
                        },
                        NOPLogger.NOP_LOGGER));
    }

    private static void play(int port, KeyPair key, KeyPair hostKey) throws IOException {
        try (SshClient client = SshClient.setUpDefaultClient()) {
            client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
            client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
            client.setServerKeyVerifier((_, _, offered) -> KeyUtils.compareKeys(offered, hostKey.getPublic()));
            client.start();
            for (int round = 0; round < ROUNDS; round++) {
                client.setKeyExchangeFactories(NamedFactory.setUpTransformedFactories(
                        false, List.of(KEY_EXCHANGES.get(round % KEY_EXCHANGES.size())), ClientBuilder.DH2KEX));
                converse(client, port, key, 1);
            }
            for (NamedFactory<Cipher> cipher : CIPHERS) {
                client.setCipherFactories(List.of(cipher));
                converse(client, port, key, PACKETS);
            }
        }
    }

    private static void converse(SshClient client, int port, KeyPair key, int packets) throws IOException {
        String host = InetAddress.getLoopbackAddress().getHostAddress();
        try (ClientSession session =
                client.connect("rehearsal", host, port).verify(PATIENCE).getSession()) {
            session.addPublicKeyIdentity(key);
            session.auth().verify(PATIENCE);
            try (var channel = session.createExecChannel("rehearse")) {
                channel.setOut(OutputStream.nullOutputStream());
                channel.open().verify(PATIENCE);
                try (OutputStream in = channel.getInvertedIn()) {
                    for (int packet = 0; packet < packets; packet++) {
                        in.write(new byte[PACKET_BYTES]);
                        in.flush();
                    }
                }
                channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), PATIENCE);
            }
        }
    }
}
