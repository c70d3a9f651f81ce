// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/** A platform that knows who is in a file of sshd's form: plain keys, and authorities with the principals that they may name. */
record AuthorizedKeys(Supplier<List<String>> lines) {
    private static final Pattern AUTHORITY = Pattern.compile("cert-authority,principals=\"([a-z]+)\" (\\S+ \\S+).*");

    String decide(String publicKey) {
        boolean known = publicKey.contains("-cert-v01@")
                ? lines.get().stream().anyMatch(line -> isOf(line, publicKey))
                : lines.get().stream().anyMatch(line -> (line + " ").startsWith(publicKey + " "));
        return known ? "ALLOW" : "UNKNOWN_KEY";
    }

    private static boolean isOf(String line, String publicKey) {
        Matcher authority = AUTHORITY.matcher(line);
        if (!authority.matches()) {
            return false;
        }
        try {
            byte[] blob = Base64.getDecoder().decode(publicKey.split(" ", 2)[1]);
            var certificate = (OpenSshCertificate) new ByteArrayBuffer(blob).getRawPublicKey();
            PublicKey ca =
                    PublicKeyEntry.parsePublicKeyEntry(authority.group(2)).resolvePublicKey(null, null, null);
            return KeyUtils.compareKeys(ca, certificate.getCaPubKey())
                    && certificate.getPrincipals().contains(authority.group(1));
        } catch (java.io.IOException | java.security.GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that MINA has verified is one", e);
        }
    }
}
