// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.platform.testing.Api;
import io.berth.platform.testing.EventReader;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.node.ObjectNode;

/** Figures as they come, and for whoever collects them. */
@ExtendWith(SharedPlatform.class)
class LiveUsageIT {
    private static final String PASSWORD = "a long enough password";

    private final RunningPlatform platform;
    private final Api admin;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final String usage = "/tenants/" + tenant + "/containers/web/usage";

    LiveUsageIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
    }

    @BeforeEach
    void makeContainer() {
        admin.post("/tenants", "{\"name\":\"" + tenant + "\"}");
        admin.finished(
                admin.post("/tenants/" + tenant + "/containers", "{\"name\":\"web\",\"image\":\"debian/bookworm\"}"));
    }

    private Api member() {
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}");
        admin.put("/tenants/" + tenant + "/members/" + name, "{\"role\":\"MEMBER\"}");
        return Api.basic(platform.address(), name, PASSWORD);
    }

    @Test
    void whoLooksSeesTheSameFiguresAgainAndAgainUntilItMayNot() {
        Api member = member();
        Api.Answer token = member.post("/tokens", "{\"name\":\"look\",\"scopes\":[\"READ\"]}");
        Api looker = Api.bearer(platform.address(), token.text("token"));
        try (EventReader stream = EventReader.open(looker, usage + "/stream", null)) {
            EventReader.Event first = stream.next(event -> event.name().equals("usage"));
            EventReader.Event second = stream.next(event -> event.name().equals("usage"));
            assertThat(Instant.parse(second.data().path("at").asString()))
                    .isAfter(Instant.parse(first.data().path("at").asString()));
            var asked = (ObjectNode) admin.get(usage).json();
            asked.set("at", first.data().path("at"));
            assertThat(first.data()).isEqualTo(asked);
            member.delete("/tokens/" + token.text("id"));
            stream.untilEnd();
        }
    }

    @Test
    void metricsAreTheOperatorsToCollect() {
        Api.Answer collector = admin.post("/tokens", "{\"name\":\"collector\",\"scopes\":[\"READ\"]}");
        assertThat(collector.status()).isEqualTo(403); // a token makes none
        Api person = Api.basic(platform.address(), "admin", RunningPlatform.ADMIN_PASSWORD);
        String token = person.post("/tokens", "{\"name\":\"collector\",\"scopes\":[\"READ\",\"ADMIN\"]}")
                .text("token");
        assertThat(platform.anonymous().get("//actuator/prometheus").status()).isEqualTo(401);
        assertThat(member().get("//actuator/prometheus").status()).isEqualTo(403);
        Api metrics = Api.bearer(platform.address(), token);
        await().atMost(Duration.ofSeconds(40)) // they are measured every 15 s
                .untilAsserted(() -> assertThat(
                                metrics.get("//actuator/prometheus").response().body())
                        .contains("berth_container_memory_bytes{container=\"web\",node=\"berth\",tenant=\"" + tenant
                                + "\"} 4096"));
        assertThat(metrics.get("//actuator/prometheus").response().body())
                .contains("berth_container_cpu_seconds{", "hikaricp_connections_active");
    }

    @Test
    void whoeverWatchesOverTheProcessesLearnsWhetherItIsReady() {
        for (String path : new String[] {"//actuator/health/liveness", "//actuator/health/readiness"}) {
            assertThat(platform.anonymous().get(path).text("status")).as(path).isEqualTo("UP");
        }
        assertThat(platform.anonymous().get("//actuator/health/db").status()).isIn(401, 404);
        assertThat(platform.anonymous().get("//actuator/env").status()).isIn(401, 404);
    }
}
