// SPDX-License-Identifier: Apache-2.0
package io.berth.core.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.agent.AgentSettings;
import io.berth.core.agent.InvalidSettingException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HostSettingsTest {
    @Test
    void defaults() {
        assertThat(HostSettings.from(Map.of()))
                .isEqualTo(new HostSettings(
                        AgentSettings.from(Map.of()), "127.0.0.1", 8080, "::", 2222, true, 5442, "berth-postgres"));
    }

    @Test
    void mapping() {
        Map<String, String> variables = Map.of(
                "BERTH_INSTANCE", "second",
                "BERTH_HTTP_ADDRESS", "192.0.2.1",
                "BERTH_HTTP_PORT", "81",
                "BERTH_SSH_ADDRESS", "::1",
                "BERTH_SSH_PORT", "22",
                "BERTH_DATABASE_URL", "postgresql://db/berth",
                "BERTH_DATABASE_PORT", "5432",
                "BERTH_POSTGRES_USER", "pg");
        assertThat(HostSettings.from(variables))
                .isEqualTo(
                        new HostSettings(AgentSettings.from(variables), "192.0.2.1", 81, "::1", 22, false, 5432, "pg"));
    }

    @ParameterizedTest
    @CsvSource({
        "BERTH_HTTP_ADDRESS, example.org",
        "BERTH_HTTP_PORT, 0",
        "BERTH_SSH_ADDRESS, *",
        "BERTH_SSH_PORT, 70000",
        "BERTH_DATABASE_PORT, x",
        "BERTH_POSTGRES_USER, a b",
    })
    void aWrongValueNamesItsVariable(String variable, String value) {
        assertThatThrownBy(() -> HostSettings.from(Map.of(variable, value)))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith(variable);
    }
}
