// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import static io.berth.core.unpack.RefusedArchiveException.quoted;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The SHA-256 that something must have.
 *
 * @param hex 64 digits
 */
record Digest(String hex) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

    Digest {
        if (!FORM.matcher(hex).matches()) {
            throw new RefusedArchiveException(quoted(hex) + " is no SHA-256 digest");
        }
    }

    /** @param text {@code sha256:HEX}, as OCI and Docker write it; other algorithms are refused */
    static Digest of(String text) {
        if (!text.startsWith("sha256:")) {
            throw new RefusedArchiveException(quoted(text) + " is no digest by SHA-256");
        }
        return new Digest(text.substring("sha256:".length()));
    }

    static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** @param what for the message */
    void require(MessageDigest found, String what) {
        String is = HexFormat.of().formatHex(found.digest());
        if (!is.equals(hex)) {
            throw new RefusedArchiveException(what + " has the SHA-256 " + is + " and should have " + hex);
        }
    }

    void require(byte[] bytes, String what) {
        MessageDigest all = begin();
        all.update(bytes);
        require(all, what);
    }

    String blob() {
        return "blobs/sha256/" + hex;
    }
}
