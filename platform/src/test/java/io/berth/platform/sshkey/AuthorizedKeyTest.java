// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.access.AccessRules;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of authorized_keys as sshd(8) describes them. */
class AuthorizedKeyTest {
    private static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g me@laptop";

    @Test
    void lineOfAPubFileHasNoRules() {
        AuthorizedKey line = AuthorizedKey.parse(KEY);
        assertThat(line.rules()).isNull();
        assertThat(line.key().comment()).isEqualTo("me@laptop");
    }

    @Test
    void everyOptionIsRead() {
        AccessRules rules =
                rules("from=\"10.0.0.0/8,!10.0.0.1\",expiry-time=\"203012312359Z\",command=\"echo \\\"a b\\\"\","
                        + "permitopen=\"db:5432,[::1]:80\",permitopen=\"web:*\",permitlisten=\"8080,localhost:1\",no-pty,"
                        + "no-agent-forwarding,no-X11-forwarding,no-user-rc,no-touch-required,verify-required");
        assertThat(rules.from().texts()).containsExactly("10.0.0.0/8", "!10.0.0.1");
        assertThat(rules.expiresAt()).isEqualTo(Instant.parse("2030-12-31T23:59:00Z"));
        assertThat(rules.forcedCommand()).isEqualTo("echo \"a b\"");
        assertThat(rules.forwarding().open()).hasToString("[db:5432, [::1]:80, web:*]");
        assertThat(rules.forwarding().listen()).hasToString("[*:8080, localhost:1]");
        assertThat(rules.pty()).isFalse();
        assertThat(rules.forwarding().ports()).isTrue();
        assertThat(rules.forwarding().agent()).isFalse();
        assertThat(rules.forwarding().x11()).isFalse();
        assertThat(rules.touch()).isFalse();
        assertThat(rules.pin()).isTrue();
    }

    @Test
    void restrictTakesAllAndWhatFollowsGivesBack() {
        AccessRules rules = rules("restrict,pty,Port-Forwarding");
        assertThat(rules.pty()).isTrue();
        assertThat(rules.forwarding().ports()).isTrue();
        assertThat(rules.forwarding().agent()).isFalse();
        assertThat(rules.forwarding().x11()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "20300101, 2030-01-01T00:00:00Z",
        "20300101Z, 2030-01-01T00:00:00Z",
        "203001011530, 2030-01-01T15:30:00Z",
        "20300101153059Z, 2030-01-01T15:30:59Z",
    })
    void expiryIsUtc(String text, Instant time) {
        assertThat(rules("expiry-time=\"" + text + "\"").expiresAt()).isEqualTo(time);
    }

    @Test
    void blanksAndCommasInQuotesBelongToTheValue() {
        assertThat(rules("command=\"tar c, then \\\\ stop\",no-pty").forcedCommand())
                .isEqualTo("tar c, then \\\\ stop");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cert-authority",
                "environment=\"A=b\"",
                "tunnel=\"0\"",
                "principals=\"a\"",
                "no-such-option,no-pty",
                "from",
                "from=10.0.0.0/8",
                "from=\"example.org\"",
                "from=\"10.0.0.0/8\",from=\"::/0\"",
                "from=\"!10.0.0.1\"",
                "expiry-time=\"tomorrow\"",
                "expiry-time=\"20300231\"",
                "expiry-time=\"2030010112\"",
                "command=\"\"",
                "command=\"unclosed",
                "permitopen=\"5432\"",
                "permitopen=\"*.example.org:1\"",
                "permitlisten=\"x\"",
                "pty=\"yes\"",
                "no-pty,",
                ",no-pty",
                "no-pty;restrict,pty"
            })
    void optionThatIsWrongIsNamedWithTheCure(String options) {
        assertThatThrownBy(() -> AuthorizedKey.parse(options + " " + KEY))
                .isInstanceOf(UnfitKeyException.class)
                .hasMessageMatching("(?s).*(;|is no ).*");
    }

    @Test
    void tenThousandEscapesAreQuick() {
        assertThatThrownBy(() -> AuthorizedKey.parse("command=\"" + "\\\"".repeat(7000) + "\" " + KEY))
                .isInstanceOf(UnfitKeyException.class)
                .hasMessageContaining("forcedCommand");
    }

    private static AccessRules rules(String options) {
        return Objects.requireNonNull(AuthorizedKey.parse(options + " " + KEY).rules());
    }
}
