// SPDX-License-Identifier: Apache-2.0
package io.berth.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.spec.InvalidSpecException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class AccessRulesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void rulesTravelAsJson() {
        var rules = new AccessRules(
                Sources.of(List.of("10.0.0.0/8", "!10.0.0.1")),
                Instant.parse("2030-01-01T00:00:00Z"),
                "rsync --server .",
                false,
                false,
                true,
                new ForwardingRules(
                        true, false, false, List.of(Endpoint.parse("db:5432")), List.of(Endpoint.parse("*:80"))));
        String json = JSON.writeValueAsString(rules);
        assertThat(json).contains("\"from\":[\"10.0.0.0/8\",\"!10.0.0.1\"]", "\"open\":[\"db:5432\"]");
        assertThat(JSON.readValue(json, AccessRules.class)).isEqualTo(rules);
        assertThat(JSON.readValue(JSON.writeValueAsString(AccessRules.EVERYTHING), AccessRules.class))
                .isEqualTo(AccessRules.EVERYTHING);
    }

    @Test
    void expiryIsItsFirstMomentOut() {
        var at = Instant.parse("2030-01-01T00:00:00Z");
        var rules = new AccessRules(Sources.EVERYWHERE, at, null, true, true, false, ForwardingRules.EVERYTHING);
        assertThat(rules.hasExpired(at.minusNanos(1))).isFalse();
        assertThat(rules.hasExpired(at)).isTrue();
        assertThat(AccessRules.EVERYTHING.hasExpired(Instant.MAX)).isFalse();
    }

    @Test
    void securityKeysMustBeTouchedUnlessARuleSaysOtherwise() {
        assertThat(AccessRules.EVERYTHING.touch()).isTrue();
        assertThat(AccessRules.EVERYTHING.pin()).isFalse();
    }

    @Test
    void forcedCommandIsOneLine() {
        for (String wrong : List.of("", " ", "a\nb", "a\0b", "\u001b[2J", "a\u007f", "x".repeat(4097))) {
            assertThatThrownBy(() -> forcing(wrong)).isInstanceOf(InvalidSpecException.class);
        }
        assertThat(forcing("a\tb").forcedCommand()).isEqualTo("a\tb");
    }

    private static AccessRules forcing(@Nullable String command) {
        return new AccessRules(Sources.EVERYWHERE, null, command, true, true, false, ForwardingRules.EVERYTHING);
    }
}
