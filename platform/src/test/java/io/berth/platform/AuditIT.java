// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

@ExtendWith(SharedPlatform.class)
class AuditIT {
    private final RunningPlatform platform;
    private final Api admin;
    private final JdbcClient jdbc;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);

    AuditIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
        this.jdbc = platform.bean(JdbcClient.class);
    }

    @BeforeEach
    void makeTenant() {
        assertThat(admin.post("/tenants", "{\"name\":\"" + tenant + "\"}").status())
                .isEqualTo(201);
    }

    private List<JsonNode> entries(Api reader, String query) {
        Api.Answer answer = reader.get("/tenants/" + tenant + "/audit" + query);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json().path("items").valueStream().toList();
    }

    private Api member(String role) {
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"a long enough password\"}");
        admin.put("/tenants/" + tenant + "/members/" + name, "{\"role\":\"" + role + "\"}");
        return Api.basic(platform.address(), name, "a long enough password");
    }

    private static String text(JsonNode entry, String field) {
        return entry.path(field).asString("");
    }

    @Test
    void anotherSpellingOfThePathIsWrittenToo() {
        Api.Answer done = admin.put("//%61pi/v1/tenants/" + tenant + "/quota", "{\"hard\":{\"pids\":78}}");
        assertThat(done.status()).as(done.toString()).isEqualTo(200);
        JsonNode entry = entries(admin, "").getFirst();
        assertThat(text(entry, "path")).isEqualTo("/%61pi/v1/tenants/" + tenant + "/quota");
        assertThat(entry.path("asked").toString()).isEqualTo("{\"hard\":{\"pids\":78}}");
    }

    @Test
    void aChangeIsWrittenWithItsTransactionWithBeforeAndAfter() {
        admin.put("/tenants/" + tenant + "/quota", "{\"hard\":{\"pids\":77}}");
        JsonNode entry = entries(admin, "").getFirst();
        assertThat(text(entry, "actor")).isEqualTo("admin");
        assertThat(text(entry, "credential")).isEqualTo("TOKEN");
        assertThat(text(entry, "source")).isEqualTo("127.0.0.1");
        assertThat(text(entry, "method")).isEqualTo("PUT");
        assertThat(text(entry, "path")).isEqualTo("/api/v1/tenants/" + tenant + "/quota");
        assertThat(text(entry, "outcome")).isEqualTo("DONE");
        assertThat(entry.path("status").isNull())
                .as("written before the answer")
                .isTrue();
        assertThat(entry.path("asked").toString()).isEqualTo("{\"hard\":{\"pids\":77}}");
        assertThat(entry.path("before").toString()).doesNotContain("77");
        assertThat(entry.path("after").toString()).contains("77");
    }

    @Test
    void refusalsAreWrittenToo() {
        Api reader = member("READ_ONLY");
        String containers = "/tenants/" + tenant + "/containers";
        assertThat(reader.post(containers, "{\"name\":\"web\",\"image\":\"debian/bookworm\"}")
                        .status())
                .isEqualTo(403);
        assertThat(admin.post(containers, "{\"name\":\"UP\",\"image\":\"debian/bookworm\"}")
                        .status())
                .isEqualTo(422);
        assertThat(admin.post(containers, "{\"name\":\"web\",\"privileged\":true}")
                        .status())
                .isEqualTo(400);
        assertThat(entries(admin, "?outcome=REFUSED").stream()
                        .map(entry -> entry.path("status").asInt()))
                .containsExactly(400, 422, 403);
        String nobody = "/tokens/" + UUID.randomUUID();
        assertThat(platform.anonymous().delete(nobody).status()).isEqualTo(401);
        JsonNode entry =
                admin.get("/audit?path=/api/v1" + nobody).json().path("items").path(0);
        assertThat(entry.path("status").asInt()).isEqualTo(401);
        assertThat(entry.path("actor").isNull()).isTrue();
    }

    /** Which names strangers try at a tenant is not the tenant's to read, and who looks is not written down. */
    @Test
    void strangersAndReadersLeaveNothingInTheTenantsPart() {
        String other = "o" + tenant;
        admin.post("/tenants", "{\"name\":\"" + other + "\"}");
        Api stranger = member("OWNER");
        assertThat(stranger.delete("/tenants/" + other).status()).isEqualTo(404);
        assertThat(admin.get("/tenants/" + other + "/audit").json().path("items"))
                .isEmpty();
        assertThat(admin.get("/audit?path=/api/v1/tenants/" + other)
                        .json()
                        .path("items")
                        .path(0)
                        .path("status")
                        .asInt())
                .isEqualTo(404);
    }

    @Test
    void noSecretIsKept() {
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"a very secret password\"}");
        Api person = Api.basic(platform.address(), name, "a very secret password");
        person.put(
                "/users/" + name + "/password",
                "{\"current\":\"a very secret password\",\"password\":\"a quite secret password\"}");
        Api.Answer entries = admin.get("/audit?limit=20");
        assertThat(entries.response().body())
                .contains("/users/" + name + "/password")
                .doesNotContain("secret password");
    }

    @Test
    void ownersAndAdminsReadTheirTenantsPartOnly() {
        assertThat(entries(member("OWNER"), "")).isNotEmpty();
        assertThat(entries(member("ADMIN"), "")).isNotEmpty();
        for (String role : List.of("MEMBER", "READ_ONLY")) {
            assertThat(member(role).get("/tenants/" + tenant + "/audit").status())
                    .isEqualTo(403);
        }
        Api owner = member("OWNER");
        for (String path : List.of("/audit", "/audit/export", "/audit/verification")) {
            assertThat(owner.get(path).status()).as(path).isEqualTo(403);
        }
    }

    @Test
    void pagesAndExportsHaveEveryEntryOnce() {
        for (int pids = 100; pids < 105; pids++) {
            admin.put("/tenants/" + tenant + "/quota", "{\"hard\":{\"pids\":" + pids + "}}");
        }
        Api.Answer first = admin.get("/tenants/" + tenant + "/audit?limit=3");
        Api.Answer second = admin.get("/tenants/" + tenant + "/audit?limit=3&cursor=" + first.text("next"));
        assertThat(first.json().path("items")).hasSize(3);
        assertThat(second.json().path("items")).hasSize(2);
        Api.Answer csv = admin.get("/tenants/" + tenant + "/audit/export?format=CSV");
        assertThat(csv.header("Content-Type")).startsWith("text/csv");
        assertThat(csv.response().body().lines()).hasSize(6).first().asString().startsWith("id,at,actor");
        assertThat(admin.get("/tenants/" + tenant + "/audit/export")
                        .response()
                        .body()
                        .lines())
                .hasSize(5)
                .allSatisfy(line -> assertThat(line).startsWith("{").contains(tenant));
    }

    private void awaitChained() {
        await().untilAsserted(() -> assertThat(jdbc.sql("select count(*) from audit_unchained")
                        .query(Long.class)
                        .single())
                .isZero());
    }

    private JsonNode verification() {
        return admin.get("/audit/verification").json();
    }

    @Test
    void theChainTellsWhatWasChangedBehindItsBack() {
        awaitChained();
        assertThat(verification().path("firstBroken").isNull()).isTrue();
        assertThatThrownBy(() -> jdbc.sql("delete from audit_entries").update())
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("append-only");
        assertThatThrownBy(() ->
                        jdbc.sql("update audit_chain set number = number + 1").update())
                .hasMessageContaining("append-only");
        assertThatThrownBy(() -> jdbc.sql("truncate audit_chain").update()).hasMessageContaining("append-only");
        String content = swapped("{\"it\":\"was not me\"}");
        try {
            assertThat(verification().path("firstBroken").asLong()).isEqualTo(1);
        } finally {
            swapped(content);
        }
        assertThat(verification().path("firstBroken").isNull()).isTrue();
    }

    /** Only the database's superuser can, who may switch the triggers off. */
    private String swapped(String content) {
        return platform.bean(TransactionTemplate.class).execute(status -> {
            jdbc.sql("set local session_replication_role = replica").update();
            String first = "(select entry_id from audit_chain where number = 1)";
            String old = jdbc.sql("select content from audit_entries where id = " + first)
                    .query(String.class)
                    .single();
            jdbc.sql("update audit_entries set content = ? where id = " + first)
                    .param(content)
                    .update();
            return old;
        });
    }

    @Test
    void adminsManageMembersAndNotOwners() {
        Api owner = member("OWNER");
        Api manager = member("ADMIN");
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"a long enough password\"}");
        String members = "/tenants/" + tenant + "/members/" + name;
        admin.put(members, "{\"role\":\"MEMBER\"}");
        assertThat(manager.put(members, "{\"role\":\"READ_ONLY\"}").status()).isEqualTo(200);
        assertThat(manager.put(members, "{\"role\":\"OWNER\"}").status()).isEqualTo(403);
        assertThat(owner.put(members, "{\"role\":\"OWNER\"}").status()).isEqualTo(200);
        assertThat(manager.put(members, "{\"role\":\"MEMBER\"}").status()).isEqualTo(403);
        assertThat(manager.delete(members).status()).isEqualTo(403);
        assertThat(owner.delete(members).status()).isEqualTo(204);
    }
}
