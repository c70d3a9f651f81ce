// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.protocol.Request;
import io.berth.core.spec.Devices;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a container has of its host, and what the host is. */
@ExtendWith(SharedPlatform.class)
class HostIT {
    private final RunningPlatform platform;
    private final Api admin;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final String devices = "/tenants/" + tenant + "/containers/web/devices";

    HostIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
    }

    private Api member() {
        admin.post("/tenants", "{\"name\":\"" + tenant + "\"}");
        admin.finished(
                admin.post("/tenants/" + tenant + "/containers", "{\"name\":\"web\",\"image\":\"debian/bookworm\"}"));
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"a long enough password\"}");
        admin.put("/tenants/" + tenant + "/members/" + name, "{\"role\":\"MEMBER\"}");
        return Api.basic(platform.address(), name, "a long enough password");
    }

    @Test
    void operatorsGiveTenantsSeeAndLargeDriversAreTheHostsRoots() {
        Api member = member();
        assertThat(member.put(devices + "/TUN", null).status()).isEqualTo(403);
        assertThat(admin.put(devices + "/TUN", null).status()).isEqualTo(200);
        assertThat(admin.put(devices + "/FUSE", null).status()).isEqualTo(200);
        assertThat(admin.put(devices + "/FUSE", null).status()).isEqualTo(200);
        assertThat(member.delete(devices + "/TUN").status()).isEqualTo(403);
        assertThat(admin.delete(devices + "/TUN").status()).isEqualTo(204);
        assertThat(member.get(devices).json().path("items").toString())
                .isEqualTo("[{\"name\":\"TUN\",\"there\":false},{\"name\":\"FUSE\",\"there\":true},"
                        + "{\"name\":\"KVM\",\"there\":false},{\"name\":\"GPU\",\"there\":false}]");
        assertThat(platform.agent().requests().stream()
                        .filter(Request.ChangeDevices.class::isInstance)
                        .map(request -> ((Request.ChangeDevices) request).devices()))
                .containsExactly(
                        new Devices(true, false, false, false),
                        new Devices(true, true, false, false),
                        new Devices(false, true, false, false));
        for (String driver : List.of("KVM", "GPU")) {
            Api.Answer refused = admin.put(devices + "/" + driver, null);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.text("detail")).contains("berth devices");
        }
        assertThat(admin.put(devices + "/SDA", null).text("field")).isEqualTo("device");
    }

    @Test
    void aNodeTellsItsCapacityAndItsFindingsToOperators() {
        Api member = member();
        String name =
                admin.get("/nodes").json().path("items").path(0).path("name").asString();
        var node = admin.get("/nodes/" + name).json();
        assertThat(node.path("capacity").path("cpus").asInt()).isEqualTo(2);
        assertThat(node.path("capacity").path("poolFreeBytes").asLong()).isEqualTo(10L << 30);
        assertThat(node.path("containers").path("running").asInt()).isPositive();
        var findings = admin.get("/nodes/" + name + "/findings").json().path("items");
        assertThat(findings.get(1).path("state").asString()).isEqualTo("MISSING");
        assertThat(findings.get(1).path("cure").asString()).isEqualTo("apt-get install nftables");
        assertThat(admin.get("/nodes/elsewhere/findings").status()).isEqualTo(404);
        assertThat(member.get("/nodes/" + name).status()).isEqualTo(403);
        assertThat(member.get("/nodes/" + name + "/findings").status()).isEqualTo(403);
    }
}
