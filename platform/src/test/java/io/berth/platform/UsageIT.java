// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.protocol.DiskStatus;
import io.berth.core.protocol.UsageStatus;
import io.berth.core.spec.ContainerId;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Figures that show who uses how much. */
@ExtendWith(SharedPlatform.class)
class UsageIT {
    private final RunningPlatform platform;
    private final Api admin;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final String containers = "/tenants/" + tenant + "/containers";

    UsageIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
    }

    @BeforeEach
    void makeContainers() {
        admin.post("/tenants", "{\"name\":\"" + tenant + "\"}");
        List.of("hog", "quiet")
                .forEach(name -> admin.finished(
                        admin.post(containers, "{\"name\":\"" + name + "\",\"image\":\"debian/bookworm\"}")));
    }

    private ContainerId id(String name) {
        return ContainerId.of(admin.get(containers + "/" + name).text("id"));
    }

    @Test
    void theLargestConsumersComeFirstByWhateverTheyAreMeasured() {
        long much = 1L << 50;
        platform.agent()
                .use(new UsageStatus(id("hog"), Instant.EPOCH, much, much, 1 << 20, new DiskStatus(much, null, true)));
        for (String by : List.of("CPU", "MEMORY", "PIDS", "DISK")) {
            JsonNode largest = admin.get("/usage?limit=1&by=" + by).json().path("items");
            assertThat(largest.size()).isEqualTo(1);
            assertThat(largest.get(0).path("name").asString()).isEqualTo("hog");
            assertThat(largest.get(0).path("tenant").asString()).isEqualTo(tenant);
            assertThat(largest.get(0).path("memoryBytes").asLong()).isEqualTo(much);
            assertThat(largest.get(0).path("limits").path("pids").asInt()).isPositive();
        }
        assertThat(admin.get("/usage?by=LUCK").text("field")).isEqualTo("by");
        assertThat(admin.get(containers + "/hog/usage").json().path("pids").asInt())
                .isEqualTo(1 << 20);
        assertThat(admin.get(containers + "/quiet/usage").json().path("pids").asInt())
                .isEqualTo(1);
        admin.finished(admin.post(containers + "/hog/stop", null));
        assertThat(admin.get(containers + "/hog/usage").status()).isEqualTo(409);
        JsonNode disk = admin.get(containers + "/hog/disk").json();
        assertThat(disk.path("bytes").asLong()).isEqualTo(8_192);
        assertThat(disk.path("inodes").isNull()).isTrue();
        assertThat(disk.path("limited").asBoolean()).isTrue();
        assertThat(disk.path("limitBytes").asLong()).isEqualTo(10L << 30);
    }

    @Test
    void aTenantSeesItsOwnAndNoOthers() {
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        String password = "a long enough password";
        admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}");
        Api user = Api.basic(platform.address(), name, password);
        assertThat(user.get(containers + "/quiet/usage").status()).isEqualTo(404);
        assertThat(user.get(containers + "/quiet/disk").status()).isEqualTo(404);
        admin.put("/tenants/" + tenant + "/members/" + name, "{\"role\":\"MEMBER\"}");
        assertThat(user.get(containers + "/quiet/usage").status()).isEqualTo(200);
        assertThat(user.get("/usage").status()).isEqualTo(403);
    }
}
