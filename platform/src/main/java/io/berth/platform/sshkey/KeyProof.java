// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import io.berth.core.access.AccessRules;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

/**
 * A client's signature from its SSH login (RFC 4252, section 7). It covers the session's id, which both ends made together and no
 * other session has, and the user name that was asked for: so it proves that the key's holder wanted in there, once.
 *
 * @param sessionId of the SSH session, base64
 * @param algorithm as the client named it
 * @param signature as it came, with its format's name, base64
 */
public record KeyProof(String sessionId, String algorithm, String signature) {
    private static final byte USERAUTH_REQUEST = 50; // SSH_MSG_USERAUTH_REQUEST
    private static final byte TRUE = 1;
    private static final int USER_PRESENT = 1; // flags of OpenSSH's PROTOCOL.u2f
    private static final int USER_VERIFIED = 4;
    private static final String SECURITY_KEY = "sk-";

    /** For telling sessions apart. */
    public byte[] sessionHash() {
        return sha256(decoded(sessionId));
    }

    /**
     * @param offered key or certificate, type and base64, as the client sent it
     * @param key the one that signs: the same, or the certificate's
     * @param rules what they demand of a security key
     */
    public boolean proves(String userName, String offered, PublicKey key, AccessRules rules) {
        try {
            Wire.Reader in = new Wire.Reader(decoded(signature));
            String format = in.string();
            byte[] inner = in.bytes();
            if (!fits(format, key.type())) {
                return false;
            }
            byte[] message = signed(userName, blob(offered));
            if (key.type().startsWith(SECURITY_KEY)) {
                message = statement(in, key, message, rules);
            } else if (rules.pin()) {
                return false; // a plain key can't show one
            }
            in.end();
            return SshSignatures.verify(blob(key.line()), format, message, inner);
        } catch (UnfitKeyException | GeneralSecurityException e) {
            return false;
        }
    }

    private boolean fits(String format, String type) {
        boolean isOfKey = type.equals("ssh-rsa")
                ? format.equals("rsa-sha2-256") || format.equals("rsa-sha2-512")
                : format.equals(type);
        return isOfKey && (algorithm.equals(format) || algorithm.equals(format + UserCertificate.SUFFIX));
    }

    /** What a security key has signed: the hashes of its application and of the message around its flags and counter. */
    private static byte[] statement(Wire.Reader signature, PublicKey key, byte[] message, AccessRules rules) {
        int flags = signature.uint8();
        int counter = signature.uint32();
        if ((rules.touch() && (flags & USER_PRESENT) == 0) || (rules.pin() && (flags & USER_VERIFIED) == 0)) {
            throw new UnfitKeyException("the security key was not touched, or asked for no PIN");
        }
        return new Wire.Writer()
                .raw(sha256(application(key)))
                .raw(new byte[] {(byte) flags})
                .uint32(counter)
                .raw(sha256(message))
                .bytes();
    }

    /** The last field of the key. */
    private static byte[] application(PublicKey key) {
        Wire.Reader in = new Wire.Reader(blob(key.line()));
        byte[] last = in.bytes();
        while (in.hasMore()) {
            last = in.bytes();
        }
        return last;
    }

    private byte[] signed(String userName, byte[] offered) {
        return new Wire.Writer()
                .string(decoded(sessionId))
                .raw(new byte[] {USERAUTH_REQUEST})
                .string(userName)
                .string("ssh-connection")
                .string("publickey")
                .raw(new byte[] {TRUE})
                .string(algorithm)
                .string(offered)
                .bytes();
    }

    private static byte[] blob(String line) {
        return decoded(line.split(" ", -1)[1]);
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new UnfitKeyException("what should be base64 is none");
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
