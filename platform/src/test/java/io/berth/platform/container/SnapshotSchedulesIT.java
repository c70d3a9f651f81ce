// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Request;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@ExtendWith(SharedPlatform.class)
class SnapshotSchedulesIT {
    private final RunningPlatform platform;
    private final Api admin;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final String web = "/tenants/" + tenant + "/containers/web";
    private final String hourly = web + "/snapshot-schedules/HOURLY";

    SnapshotSchedulesIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
    }

    @BeforeEach
    void makeContainer() {
        admin.post("/tenants", "{\"name\":\"" + tenant + "\"}");
        admin.finished(
                admin.post("/tenants/" + tenant + "/containers", "{\"name\":\"web\",\"image\":\"debian/bookworm\"}"));
    }

    private List<JsonNode> snapshots() {
        return admin.get(web + "/snapshots").json().path("items").valueStream().toList();
    }

    private List<String> kept() {
        return snapshots().stream()
                .filter(snapshot -> snapshot.path("state").asString().equals("KEPT"))
                .map(snapshot -> snapshot.path("name").asString())
                .toList();
    }

    /** As when an hour has passed; both replicas look. */
    private void anHourPasses() {
        platform.context()
                .getBean(JdbcClient.class)
                .sql("update snapshot_schedules set next_at = now() - interval '1 second'")
                .update();
        SnapshotSchedules schedules = platform.context().getBean(SnapshotSchedules.class);
        schedules.takeDue();
        schedules.takeDue();
    }

    @Test
    void onlyWhatASchedulesTypeHasCanBeAsked() {
        assertThat(admin.put(hourly, "{\"keep\":0}").status()).isEqualTo(422);
        assertThat(admin.put(hourly, "{\"keep\":49}").status()).isEqualTo(422);
        assertThat(admin.put(web + "/snapshot-schedules/YEARLY", "{\"keep\":1}").status())
                .isEqualTo(404);
        assertThat(admin.put(hourly, "{\"keep\":2}").status()).isEqualTo(200);
        assertThat(admin.put(hourly, "{\"keep\":3}").status()).isEqualTo(200);
        JsonNode listed = admin.get(web + "/snapshot-schedules").json().path("items");
        assertThat(listed.size()).isEqualTo(1);
        assertThat(listed.get(0).path("keep").asInt()).isEqualTo(3);
        assertThat(admin.delete(hourly).status()).isEqualTo(204);
        assertThat(admin.get(web + "/snapshot-schedules").json().path("items").isEmpty())
                .isTrue();
    }

    @Test
    void asManyAreKeptAsItSaysAndNothingOfAnybodyElses() {
        admin.finished(admin.post(web + "/snapshots", "{\"name\":\"mine\"}"));
        admin.put(hourly, "{\"keep\":2}");
        for (int taken = 1; taken <= 3; taken++) {
            List<String> before = kept();
            anHourPasses();
            await().until(() -> snapshots().stream()
                    .allMatch(snapshot -> snapshot.path("state").asString().equals("KEPT")));
            await().until(() -> !kept().equals(before));
        }
        await().until(() -> kept().size() == 3);
        assertThat(kept().getFirst()).isEqualTo("mine");
        assertThat(kept().subList(1, 3)).allMatch(name -> name.startsWith("hourly-"));
        admin.delete(hourly);
        anHourPasses();
        assertThat(snapshots()).hasSize(3);
    }

    @Test
    void noOldOneGoesBeforeANewerOneIsThere() {
        admin.put(hourly, "{\"keep\":1}");
        anHourPasses();
        await().until(() -> kept().size() == 1);
        List<String> first = kept();
        platform.agent().refuse(Request.TakeSnapshot.class, Refusal.EXHAUSTED, "the pool is full");
        try {
            anHourPasses();
            await().until(() -> admin.get(web).text("lastError").contains("pool is full"));
        } finally {
            platform.agent().accept(Request.TakeSnapshot.class);
        }
        assertThat(kept()).isEqualTo(first);
    }
}
