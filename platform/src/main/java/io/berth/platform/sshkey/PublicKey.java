// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A public key in OpenSSH's form, judged fit for logging in.
 *
 * @param type such as {@code ssh-ed25519}
 * @param line type and base64, without comment
 * @param fingerprint {@code SHA256:…} as ssh-keygen -l prints it
 * @param comment what stood behind the key, empty for nothing
 */
public record PublicKey(String type, String line, String fingerprint, String comment) {
    private static final int MOST_CHARACTERS = 16_384;
    private static final Pattern SPACE = Pattern.compile("[ \\t]+");
    private static final Pattern LINE_BREAK = Pattern.compile("[\\r\\n\\x00]");

    /** @throws UnfitKeyException when it is no public key, or one that is not accepted */
    public static PublicKey parse(String text) {
        String line = text.strip();
        refuseSecrets(line);
        if (line.length() > MOST_CHARACTERS || LINE_BREAK.matcher(line).find()) {
            throw new UnfitKeyException("give one key as one line, as it stands in ~/.ssh/id_ed25519.pub");
        }
        String[] parts = SPACE.split(line, 3);
        if (parts.length < 2) {
            throw new UnfitKeyException("this is no public key; give the line that stands in ~/.ssh/id_ed25519.pub");
        }
        byte[] blob = decoded(parts[1], parts[0]);
        KeyBlob.check(parts[0], blob);
        return new PublicKey(
                parts[0],
                parts[0] + " " + Base64.getEncoder().encodeToString(blob),
                fingerprint(blob),
                parts.length == 3 ? parts[2].strip() : "");
    }

    private static void refuseSecrets(String text) {
        if (text.toUpperCase(Locale.ROOT).contains("PRIVATE KEY")) {
            throw new UnfitKeyException(
                    "this is a private key: it has been thrown away unread, but was sent over the net; "
                            + "replace it with a fresh one by ssh-keygen -t ed25519 and give the .pub file's line");
        }
    }

    private static byte[] decoded(String base64, String type) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new UnfitKeyException("what follows '" + (type.length() > 40 ? type.substring(0, 40) + "…" : type)
                    + "' is no base64; give the whole line of the .pub file, without options before it");
        }
    }

    private static String fingerprint(byte[] blob) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(blob);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
