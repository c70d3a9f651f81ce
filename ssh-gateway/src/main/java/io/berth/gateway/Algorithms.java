// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.util.List;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.compression.Compression;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.kex.KeyExchangeFactory;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.mac.Mac;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.server.ServerBuilder;

/** What the gateway negotiates, best first. Each absence is a decision; RATIONALE.md defends them. */
final class Algorithms {
    private Algorithms() {}

    /** Post-quantum hybrids, then curve25519. */
    static List<KeyExchangeFactory> keyExchanges() {
        return NamedFactory.setUpTransformedFactories(
                false,
                List.of(
                        BuiltinDHFactories.mlkem768x25519,
                        BuiltinDHFactories.sntrup761x25519,
                        BuiltinDHFactories.sntrup761x25519_openssh,
                        BuiltinDHFactories.curve25519,
                        BuiltinDHFactories.curve25519_libssh),
                ServerBuilder.DH2KEX);
    }

    static List<NamedFactory<Cipher>> ciphers() {
        return List.of(
                BuiltinCiphers.aes128gcm,
                BuiltinCiphers.aes256gcm,
                new ChaCha20Poly1305.Factory(),
                BuiltinCiphers.aes256ctr,
                BuiltinCiphers.aes192ctr,
                BuiltinCiphers.aes128ctr);
    }

    /** Encrypt-then-MAC only; the AEAD ciphers need none. */
    static List<NamedFactory<Mac>> macs() {
        return List.of(BuiltinMacs.hmacsha256etm, BuiltinMacs.hmacsha512etm);
    }

    /** Of host key, users' keys and certificates. */
    static List<NamedFactory<Signature>> signatures() {
        return List.of(
                BuiltinSignatures.ed25519,
                BuiltinSignatures.sk_ssh_ed25519,
                BuiltinSignatures.sk_ecdsa_sha2_nistp256,
                BuiltinSignatures.nistp256,
                BuiltinSignatures.nistp384,
                BuiltinSignatures.nistp521,
                BuiltinSignatures.rsaSHA512,
                BuiltinSignatures.rsaSHA256,
                BuiltinSignatures.ed25519_cert,
                BuiltinSignatures.nistp256_cert,
                BuiltinSignatures.nistp384_cert,
                BuiltinSignatures.nistp521_cert,
                BuiltinSignatures.rsaSHA512_cert,
                BuiltinSignatures.rsaSHA256_cert);
    }

    static List<NamedFactory<Compression>> compressions() {
        return List.of(BuiltinCompressions.none);
    }
}
