// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.factor;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** What authenticators read from a QR code: github.com/google/google-authenticator/wiki/Key-Uri-Format. */
final class OtpAuthUri {
    private OtpAuthUri() {}

    static String of(String issuer, String userName, String secret) {
        return "otpauth://totp/" + encoded(issuer) + ":" + encoded(userName) + "?secret=" + secret + "&issuer="
                + encoded(issuer) + "&algorithm=SHA1&digits=" + TotpCode.DIGITS + "&period=" + TotpCode.STEP_SECONDS;
    }

    /** In a URI, where a plus is a plus. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
