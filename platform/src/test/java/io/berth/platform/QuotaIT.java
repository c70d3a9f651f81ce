// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Request;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@ExtendWith(SharedPlatform.class)
class QuotaIT {
    private static final int CLIENTS = 100;

    private final RunningPlatform platform;
    private final Api admin;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final String containers = "/tenants/" + tenant + "/containers";

    QuotaIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
    }

    @BeforeEach
    void makeTenant() {
        assertThat(admin.post("/tenants", "{\"name\":\"" + tenant + "\"}").status())
                .isEqualTo(201);
    }

    @AfterEach
    void nothingHasDrifted() {
        platform.agent().accept(Request.Create.class);
        assertThat(drifts("COUNT")).isEmpty();
    }

    private List<JsonNode> drifts(String kind) {
        return admin.get("/quota-drift")
                .json()
                .path("items")
                .valueStream()
                .filter(drift -> drift.path("kind").asString().equals(kind))
                .toList();
    }

    private void limit(String ofTenant, String limits) {
        Api.Answer answer = admin.put("/tenants/" + ofTenant + "/quota", limits);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }

    private JsonNode line(String ofTenant, String resource) {
        return admin.get("/tenants/" + ofTenant + "/quota")
                .json()
                .path("resources")
                .valueStream()
                .filter(line -> line.path("resource").asString().equals(resource))
                .findFirst()
                .orElseThrow();
    }

    private long used(String resource) {
        return line(tenant, resource).path("used").asLong();
    }

    private Api.Answer create(String name, String limits) {
        return admin.post(
                containers,
                "{\"name\":\"" + name + "\",\"image\":\"debian/bookworm\",\"start\":false,\"limits\":{" + limits
                        + "}}");
    }

    private Api member(String ofTenant, String role) {
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"a long enough password\"}");
        admin.put("/tenants/" + ofTenant + "/members/" + name, "{\"role\":\"" + role + "\"}");
        return Api.basic(platform.address(), name, "a long enough password");
    }

    /** Each asks for 64 MiB; the quota has room for ten of them and a half. */
    @Test
    void aHundredClientsAtOnceNeverExceedIt() {
        limit(tenant, "{\"hard\":{\"memoryBytes\":" + ((10 * 64 + 32) << 20) + ",\"containers\":50}}");
        try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
            List<Api.Answer> answers = IntStream.range(0, CLIENTS)
                    .mapToObj(number -> CompletableFuture.supplyAsync(
                            () -> create("c" + number, "\"memoryBytes\":67108864"), threads))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
            assertThat(answers).filteredOn(answer -> answer.status() == 202).hasSize(10);
            assertThat(answers)
                    .filteredOn(answer -> answer.status() != 202)
                    .hasSize(90)
                    .allSatisfy(answer ->
                            assertThat(answer.problem()).as(answer.toString()).isEqualTo("quota-exceeded"));
        }
        assertThat(used("CONTAINERS")).isEqualTo(10);
        assertThat(used("MEMORY_BYTES")).isEqualTo((10 * 64L) << 20);
        assertThat(line(tenant, "MEMORY_BYTES").path("state").asString()).isEqualTo("WITHIN");
    }

    @Test
    void aRefusalSaysWhichLimitWhatIsUsedAndWhatWouldFit() {
        limit(tenant, "{\"hard\":{\"memoryBytes\":100000000}}");
        admin.finished(create("first", "\"memoryBytes\":67108864"));
        Api.Answer refused = create("second", "\"memoryBytes\":67108864");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("quota-exceeded");
        assertThat(refused.text("field")).isEqualTo("limits.memoryBytes");
        assertThat(refused.json().path("shortage").toString())
                .isEqualTo("{\"limit\":100000000,\"used\":67108864,\"asked\":67108864,\"fits\":32891136}");
        assertThat(refused.text("detail")).contains(tenant, "bytes of memory", "32891136 would fit");
        assertThat(create("third", "\"memoryBytes\":32891136").status()).isEqualTo(202);
        assertThat(line(tenant, "MEMORY_BYTES").path("state").asString()).isEqualTo("FULL");
        assertThat(admin.get(containers + "/second").status()).isEqualTo(404);
    }

    @Test
    void aResizeCountsAsItsDifference() {
        limit(tenant, "{\"hard\":{\"pids\":1000}}");
        admin.finished(create("web", "\"pids\":600"));
        Api.Answer refused = admin.patch(containers + "/web", "{\"limits\":{\"pids\":1001}}");
        assertThat(refused.json().path("shortage").toString())
                .isEqualTo("{\"limit\":1000,\"used\":600,\"asked\":401,\"fits\":400}");
        admin.finished(admin.patch(containers + "/web", "{\"limits\":{\"pids\":1000}}"));
        assertThat(used("PIDS")).isEqualTo(1000);
        limit(tenant, "{\"hard\":{\"pids\":100}}");
        admin.finished(admin.patch(containers + "/web", "{\"limits\":{\"pids\":500}}"));
        assertThat(used("PIDS")).as("giving back is never refused").isEqualTo(500);
    }

    @Test
    void theDiskIsOnePoolOfTheTenants() {
        limit(tenant, "{\"hard\":{\"diskBytes\":300000000}}");
        admin.finished(create("web", "\"diskBytes\":200000000"));
        Api.Answer refused = create("more", "\"diskBytes\":200000000");
        assertThat(refused.text("field")).isEqualTo("limits.diskBytes");
        assertThat(refused.json().path("shortage").path("fits").asLong()).isEqualTo(100_000_000);
        admin.finished(admin.patch(containers + "/web", "{\"limits\":{\"diskBytes\":300000000}}"));
        assertThat(used("DISK_BYTES")).isEqualTo(300_000_000);
    }

    @Test
    void whatEndsGivesItsShareBackOnce() {
        admin.finished(create("web", ""));
        platform.agent().refuse(Request.Create.class, Refusal.EXHAUSTED, "the node is full");
        admin.finished(create("never", ""));
        await().untilAsserted(() -> assertThat(used("CONTAINERS")).isEqualTo(1));
        admin.finished(admin.delete(containers + "/web"));
        assertThat(admin.delete(containers + "/web").status()).isEqualTo(404);
        for (String resource : List.of("CONTAINERS", "MEMORY_BYTES", "MILLI_CPUS", "PIDS", "DISK_BYTES")) {
            assertThat(used(resource)).as(resource).isZero();
        }
    }

    @Test
    void aSoftLimitWarnsAndLets() {
        limit(tenant, "{\"soft\":{\"containers\":1}}");
        admin.finished(create("one", ""));
        assertThat(line(tenant, "CONTAINERS").path("state").asString()).isEqualTo("WITHIN");
        admin.finished(create("two", ""));
        assertThat(line(tenant, "CONTAINERS").path("state").asString()).isEqualTo("WARNED");
        assertThat(admin.put("/tenants/" + tenant + "/quota", "{\"hard\":{\"pids\":1},\"soft\":{\"pids\":2}}")
                        .text("field"))
                .isEqualTo("soft.pids");
    }

    @Test
    void membersLookAndOperatorsChangeWhatTheyHaveRead() {
        Api owner = member(tenant, "OWNER");
        String quota = "/tenants/" + tenant + "/quota";
        Api.Answer read = owner.get(quota);
        assertThat(read.status()).isEqualTo(200);
        assertThat(owner.put(quota, "{\"hard\":{\"containers\":5000}}").status())
                .isEqualTo(403);
        assertThat(owner.get("/quota-drift").status()).isEqualTo(403);
        Api.Answer first = admin.with("If-Match", read.header("ETag")).put(quota, "{\"hard\":{\"containers\":3}}");
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("ETag")).isNotEqualTo(read.header("ETag"));
        assertThat(admin.with("If-Match", read.header("ETag"))
                        .put(quota, "{\"hard\":{\"containers\":4}}")
                        .status())
                .isEqualTo(412);
        assertThat(line(tenant, "CONTAINERS").path("hard").asLong()).isEqualTo(3);
        assertThat(line(tenant, "SSH_KEYS").path("isDefault").asBoolean()).isTrue();
    }

    /** A class on one budget: the teacher makes tenants and divides, and all of them together never exceed it. */
    @Test
    void tenantsBelowShareTheBudgetOfTheOneAbove() {
        Api teacher = member(tenant, "OWNER");
        String below = tenant + "-a";
        String make = "{\"name\":\"" + below + "\",\"parent\":\"" + tenant + "\"}";
        assertThat(teacher.post("/tenants", make).problem()).isEqualTo("quota-exceeded");
        limit(tenant, "{\"hard\":{\"tenants\":1,\"containers\":2}}");
        assertThat(teacher.post("/tenants", make).text("parent")).isEqualTo(tenant);
        assertThat(teacher.post("/tenants", make.replace("-a", "-b")).problem()).isEqualTo("quota-exceeded");
        assertThat(teacher.post("/tenants", "{\"name\":\"" + below + "x\",\"parent\":\"" + below + "\"}")
                        .text("field"))
                .isEqualTo("parent");
        assertThat(teacher.put("/tenants/" + below + "/quota", "{\"hard\":{\"containers\":1}}")
                        .status())
                .isEqualTo(200);
        Api student = member(below, "OWNER");
        assertThat(student.put("/tenants/" + below + "/quota", "{\"hard\":{\"containers\":2}}")
                        .status())
                .isEqualTo(403);
        assertThat(student.get("/tenants/" + tenant).status()).isEqualTo(404);
        String web = "{\"name\":\"web\",\"image\":\"debian/bookworm\"}";
        assertThat(student.post("/tenants/" + below + "/containers", web).status())
                .isEqualTo(202);
        Api.Answer more = student.post("/tenants/" + below + "/containers", web.replace("web", "more"));
        assertThat(more.text("detail")).contains("'" + below + "'", "0 would fit");
        admin.finished(create("own", ""));
        assertThat(create("another", "").text("detail")).contains("'" + tenant + "'", "has 2");
        assertThat(used("CONTAINERS")).isEqualTo(2);
        admin.finished(admin.delete("/tenants/" + below + "/containers/web"));
        assertThat(admin.delete("/tenants/" + below).status()).isEqualTo(204);
        assertThat(used("CONTAINERS")).isEqualTo(1);
        assertThat(used("TENANTS")).isZero();
    }

    @Test
    void keysCountAndGoWithTheirTenant() {
        limit(tenant, "{\"hard\":{\"sshKeys\":0}}");
        Api.Answer refused = admin.post(
                "/tenants/" + tenant + "/ssh-keys",
                "{\"name\":\"laptop\",\"publicKey\":\"ssh-ed25519 "
                        + "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl\"}");
        assertThat(refused.problem()).as(refused.toString()).isEqualTo("quota-exceeded");
    }

    @Test
    void aCountThatIsWrongIsReported() {
        var jdbc = platform.bean(JdbcClient.class);
        String change =
                "update quotas set pids_used = pids_used + ? where tenant_id = (select id from tenants where name = ?)";
        jdbc.sql(change).params(7, tenant).update();
        try {
            assertThat(drifts("COUNT"))
                    .singleElement()
                    .satisfies(drift -> assertThat(drift.toString())
                            .contains(tenant, "PIDS", "7 processes are counted and 0 are there"));
        } finally {
            jdbc.sql(change).params(-7, tenant).update();
        }
    }
}
