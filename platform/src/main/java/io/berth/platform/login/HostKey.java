// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import io.berth.platform.sshkey.PublicKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A key that a gateway shows to clients, ready for those who want to know it beforehand.
 *
 * @param knownHostsLine for ~/.ssh/known_hosts
 * @param sshfp a record for a zone that is signed (RFC 4255, RFC 6594, RFC 7479); ssh -o VerifyHostKeyDNS=yes looks it up
 * @param lastSeenAt when the gateway last said so
 */
record HostKey(
        String publicKey, String fingerprint, int port, String knownHostsLine, String sshfp, Instant lastSeenAt) {
    private static final int SSH_PORT = 22;

    static HostKey of(PublicKey key, String host, int port, Instant lastSeenAt) {
        String known = port == SSH_PORT ? host : "[" + host + "]:" + port;
        return new HostKey(key.line(), key.fingerprint(), port, known + " " + key.line(), sshfp(key, host), lastSeenAt);
    }

    private static String sshfp(PublicKey key, String host) {
        try {
            byte[] blob = Base64.getDecoder().decode(key.line().split(" ", 2)[1]);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(blob);
            int algorithm = key.type().equals("ssh-ed25519") ? 4 : key.type().equals("ssh-rsa") ? 1 : 3;
            return host + " IN SSHFP " + algorithm + " 2 " + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
