// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * The host keys of a gateway: one that it is known by, and one that takes over some day, which clients learn beforehand
 * (hostkeys-00@openssh.com; OpenSSH's PROTOCOL, section 2.5).
 *
 * @param current for the key exchange
 * @param coming held, and shown to who has logged in
 */
record HostKeys(KeyPair current, List<KeyPair> coming) {
    HostKeys {
        coming = List.copyOf(coming);
    }

    static HostKeys of(KeyPair only) {
        return new HostKeys(only, List.of());
    }

    /**
     * Makes the current one at the first start.
     *
     * @param file of the current one; beside it, as {@code FILE.next}, lies the coming one where there is one
     * @throws StartException when one of them is of no use
     */
    static HostKeys load(Path file) {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        KeyPair current = only(HostKey.loadOrMake(file));
        return new HostKeys(current, Files.exists(next) ? List.of(only(HostKey.load(next))) : List.of());
    }

    private static KeyPair only(KeyPairProvider provider) {
        try {
            return provider.loadKeys(null).iterator().next();
        } catch (IOException | GeneralSecurityException e) {
            throw new StartException("the host key cannot be read once more: " + e.getMessage(), e);
        }
    }

    List<KeyPair> all() {
        List<KeyPair> all = new ArrayList<>(List.of(current));
        all.addAll(coming);
        return all;
    }

    /** By its public half, as it goes over the wire. */
    Optional<KeyPair> find(byte[] blob) {
        return all().stream()
                .filter(pair -> java.util.Arrays.equals(blob(pair), blob))
                .findFirst();
    }

    static byte[] blob(KeyPair pair) {
        var buffer = new ByteArrayBuffer();
        buffer.putRawPublicKey(pair.getPublic());
        return buffer.getCompactData();
    }

    KeyPairProvider forKeyExchange() {
        return KeyPairProvider.wrap(current);
    }

    /** As they stand in known_hosts, without a host. */
    List<String> lines() {
        return all().stream()
                .map(pair -> PublicKeyEntry.toString(pair.getPublic()))
                .toList();
    }

    /** What the platform knows this gateway by. */
    String fingerprint() {
        return KeyUtils.getFingerPrint(current.getPublic());
    }
}
