// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who may ban whom, and what the gateways hear of it. */
@ExtendWith(SharedPlatform.class)
class SshBanIT {
    private final Api admin;
    private final Api gateway;
    private final RunningPlatform platform;

    SshBanIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
        this.gateway = Api.bearer(platform.address(), RunningPlatform.GATEWAY_TOKEN);
    }

    private Api.Answer ban(String network, String more) {
        return admin.post("/ssh-bans", "{\"network\":\"" + network + "\",\"reason\":\"guesses keys\"" + more + "}");
    }

    private Api.Answer asked(long version) {
        return gateway.post("/gateway/bans", "{\"version\":" + version + "}");
    }

    @Test
    void banIsToldToGatewaysOnceAndTakenBackWhenItIsLifted() {
        long before = asked(0).json().path("version").asLong();
        Api.Answer added = ban("198.51.100.7", "");
        assertThat(added.status()).as(added.toString()).isEqualTo(201);
        assertThat(added.text("network")).isEqualTo("198.51.100.7/32");
        assertThat(added.text("bannedBy")).isEqualTo("admin");
        Api.Answer told = asked(before);
        assertThat(told.toString()).contains("198.51.100.7/32");
        long version = told.json().path("version").asLong();
        assertThat(version).isGreaterThan(before);
        assertThat(asked(version).json().path("bans").isNull()).isTrue();
        String path = "/ssh-bans/" + added.text("id");
        assertThat(admin.get(path).text("reason")).isEqualTo("guesses keys");
        assertThat(admin.delete(path).status()).isEqualTo(204);
        assertThat(admin.get(path).status()).isEqualTo(404);
        assertThat(admin.delete(path).status()).isEqualTo(404);
        assertThat(asked(version).toString()).doesNotContain("198.51.100.7/32");
    }

    @Test
    void whatHasExpiredIsNoBanAndMayBeBannedAnew() {
        Api.Answer added = ban("198.51.100.8", ",\"expiresAt\":\"2099-01-01T00:00:00Z\"");
        assertThat(added.status()).as(added.toString()).isEqualTo(201);
        assertThat(ban("198.51.100.8/32", "").status()).isEqualTo(409);
        platform.bean(JdbcClient.class)
                .sql("update ssh_bans set expires_at = now() - interval '1 second' where id = :id")
                .param("id", UUID.fromString(added.text("id")))
                .update();
        assertThat(asked(0).toString()).doesNotContain("198.51.100.8/32");
        assertThat(admin.get("/ssh-bans/" + added.text("id")).status()).isEqualTo(404);
        Api.Answer again = ban("198.51.100.8", "");
        assertThat(again.status()).as(again.toString()).isEqualTo(201);
        assertThat(admin.get("/ssh-bans").toString()).contains(again.text("id"));
    }

    @Test
    void slipOfTheFingerBansNobody() {
        for (String network : new String[] {
            "0.0.0.0/0",
            "::/0",
            "10.0.0.0/7",
            "192.0.2.1/24",
            "example.org",
            "192.0.2.*",
            "!192.0.2.1",
            "192.0.2.1/33",
            "::ffff:192.0.2.1",
            "1.2.3/24"
        }) {
            Api.Answer answer = ban(network, "");
            assertThat(answer.status()).as("%s: %s", network, answer).isEqualTo(422);
            assertThat(answer.text("field")).isEqualTo("network");
        }
        assertThat(ban("198.51.100.9", ",\"expiresAt\":\"2020-01-01T00:00:00Z\"")
                        .text("field"))
                .isEqualTo("expiresAt");
    }

    @Test
    void onlyOperatorsBan() {
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        assertThat(admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"a long enough password\"}")
                        .status())
                .isEqualTo(201);
        Api person = Api.basic(platform.address(), name, "a long enough password");
        assertThat(person.get("/ssh-bans").status()).isEqualTo(403);
        assertThat(person.post("/ssh-bans", "{\"network\":\"192.0.2.0/24\",\"reason\":\"x\"}")
                        .status())
                .isEqualTo(403);
        assertThat(admin.post("/gateway/bans", "{\"version\":0}").status()).isEqualTo(401);
    }
}
