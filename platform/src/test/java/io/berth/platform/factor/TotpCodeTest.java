// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.factor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpCodeTest {
    /** Of RFC 6238, appendix B. */
    private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

    /** The table's SHA-1 rows, of whose 8 digits the last 6 are ours. */
    @ParameterizedTest
    @CsvSource({
        "59, 287082",
        "1111111109, 081804",
        "1111111111, 050471",
        "1234567890, 005924",
        "2000000000, 279037",
        "20000000000, 353130",
    })
    void rfc6238AppendixB(long seconds, String code) {
        assertThat(TotpCode.at(SECRET, TotpCode.step(Instant.ofEpochSecond(seconds))))
                .isEqualTo(code);
    }

    @Test
    void theStepsBesideCountAndNoOthers() {
        Instant now = Instant.ofEpochSecond(1_111_111_111);
        long step = TotpCode.step(now);
        for (long each = step - 1; each <= step + 1; each++) {
            assertThat(TotpCode.stepOf(SECRET, TotpCode.at(SECRET, each), now)).hasValue(each);
        }
        assertThat(TotpCode.stepOf(SECRET, TotpCode.at(SECRET, step - 2), now)).isEmpty();
        assertThat(TotpCode.stepOf(SECRET, TotpCode.at(SECRET, step + 2), now)).isEmpty();
        assertThat(TotpCode.stepOf(SECRET, "", now)).isEmpty();
        assertThat(TotpCode.stepOf(SECRET, "５０４７１０", now)).isEmpty();
    }

    /** RFC 4648, section 10. */
    @ParameterizedTest
    @CsvSource({"f, MY", "fo, MZXQ", "foo, MZXW6", "foob, MZXW6YQ", "fooba, MZXW6YTB", "foobar, MZXW6YTBOI"})
    void base32IsThatOfTheRfc(String text, String encoded) {
        assertThat(Base32.of(text.getBytes(StandardCharsets.US_ASCII))).isEqualTo(encoded);
    }

    @Test
    void theUriNamesTheAccountAndItsIssuer() {
        assertThat(OtpAuthUri.of("Berth two", "ann+b", "MZXW6YTB"))
                .isEqualTo("otpauth://totp/Berth%20two:ann%2Bb?secret=MZXW6YTB&issuer=Berth%20two"
                        + "&algorithm=SHA1&digits=6&period=30");
    }
}
