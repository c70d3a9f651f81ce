// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Lists in every order that they offer, filtered, in pages; and things that are changed only as they were seen. */
@ExtendWith(SharedPlatform.class)
class OrdersIT {
    private final JdbcClient jdbc;
    private final Api admin;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final String path = "/tenants/" + tenant;

    OrdersIT(RunningPlatform platform) {
        this.jdbc = platform.bean(JdbcClient.class);
        this.admin = platform.adminToken();
    }

    @BeforeEach
    void makeTenant() {
        assertThat(admin.post("/tenants", "{\"name\":\"" + tenant + "\"}").status())
                .isEqualTo(201);
    }

    /** Rows as requests would have made them, all of one age and of three sizes. */
    private void containers(int many) {
        jdbc.sql("""
                        insert into containers (id, tenant_id, node_id, node_number, name, image, image_alias, memory_bytes, milli_cpus,
                            pids, disk_bytes, network, desired_state, observed_state)
                        select gen_random_uuid(), t.id, n.id, n.number, 'c' || lpad(i::text, 6, '0'), :image, 'debian/bookworm',
                            (64 + i % 3) * 1048576, 1000, 100, 1073741824, 'NAT', 'STOPPED', case i % 2 when 0 then 'STOPPED' else 'BROKEN' end
                        from tenants t, (select * from nodes limit 1) n, generate_series(1, :many) i where t.name = :tenant
                        """)
                .param("image", "sha256:" + "ab".repeat(32))
                .param("many", many)
                .param("tenant", tenant)
                .update();
    }

    /** All of a list, page by page. */
    private List<JsonNode> all(String list, int limit) {
        List<JsonNode> all = new ArrayList<>();
        String cursor = "";
        do {
            Api.Answer page = admin.get(list + "&limit=" + limit + "&cursor=" + cursor);
            assertThat(page.status()).as(page.toString()).isEqualTo(200);
            page.json().path("items").forEach(all::add);
            cursor = page.text("next");
        } while (!cursor.isEmpty());
        return all;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name",
                "-name",
                "createdAt",
                "-createdAt",
                "memoryBytes",
                "-memoryBytes",
                "diskBytes",
                "-diskBytes"
            })
    void everyPageTogetherHasEveryRowOnceInItsOrder(String sort) {
        containers(25);
        List<JsonNode> all = all(path + "/containers?sort=" + sort, 4);
        assertThat(all.stream().map(it -> it.path("name").asString()))
                .hasSize(25)
                .doesNotHaveDuplicates();
        if (sort.endsWith("memoryBytes")) {
            assertThat(all.stream()
                            .map(it -> (sort.startsWith("-") ? -1 : 1)
                                    * it.path("limits").path("memoryBytes").asLong()))
                    .isSorted();
        }
        if (sort.equals("-name")) {
            assertThat(all.getFirst().path("name").asString()).isEqualTo("c000025");
        }
        jdbc.sql("delete from containers where tenant_id = (select id from tenants where name = ?)")
                .param(tenant)
                .update();
    }

    @ParameterizedTest
    @CsvSource({
        "containers?sort=pids, sort",
        "containers?sort=--name, sort",
        "containers?sort=name;drop table tenants, sort",
        "containers?cursor=b, cursor",
        "containers?cursor=YQpiCmM, cursor",
        "containers?state=GONE, state",
        "invoices?sort=tenant, sort",
        "invoices?month=2026-13, month",
        "audit?sort=actor, sort",
    })
    void anOrderOrCursorThatThereIsNotIsNamed(String list, String field) {
        Api.Answer answer = admin.get(path + "/" + list.replace(" ", "%20"));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
        assertThat(answer.text("field")).isEqualTo(field);
    }

    @Test
    void aCursorIsOfItsOrderAlone() {
        containers(3);
        String next = admin.get(path + "/containers?limit=1&sort=createdAt").text("next");
        assertThat(admin.get(path + "/containers?limit=1&sort=createdAt&cursor=" + next)
                        .status())
                .isEqualTo(200);
        for (String other : List.of("", "&sort=-createdAt", "&sort=memoryBytes")) {
            Api.Answer refused = admin.get(path + "/containers?limit=1&cursor=" + next + other);
            assertThat(refused.text("field")).as(refused.toString()).isEqualTo("cursor");
        }
    }

    @Test
    void listsAreFiltered() {
        containers(10);
        assertThat(all(path + "/containers?state=BROKEN", 100)).hasSize(5);
        assertThat(all(path + "/containers?state=BROKEN&desiredState=RUNNING", 100))
                .isEmpty();
        assertThat(all(path + "/containers?image=debian/bookworm&state=STOPPED", 2))
                .hasSize(5);
        assertThat(all(path + "/containers?image=debian/trixie", 2)).isEmpty();
        admin.finished(
                admin.post(path + "/containers", "{\"name\":\"web\",\"image\":\"debian/bookworm\",\"start\":false}"));
        String id = admin.get(path + "/containers/web").text("id");
        assertThat(all("/operations?tenant=" + tenant + "&target=" + id + "&kind=CONTAINER_CREATE", 2))
                .hasSize(1);
        assertThat(all("/operations?tenant=" + tenant + "&sort=createdAt&kind=CONTAINER_STOP", 2))
                .isEmpty();
        admin.put(path + "/quota", "{\"hard\":{\"tenants\":1}}");
        admin.post("/tenants", "{\"name\":\"" + tenant + "-a\",\"parent\":\"" + tenant + "\"}");
        assertThat(all("/tenants?sort=-createdAt&parent=" + tenant, 1)).hasSize(1);
        admin.patch(path, "{\"state\":\"SUSPENDED\"}");
        assertThat(all("/tenants?state=SUSPENDED", 500).stream()
                        .map(it -> it.path("name").asString()))
                .contains(tenant, tenant + "-a");
        assertThat(all("/tenants?state=ACTIVE", 500).stream()
                        .map(it -> it.path("name").asString()))
                .doesNotContain(tenant, tenant + "-a");
        admin.patch(path, "{\"state\":\"ACTIVE\"}");
        admin.finished(admin.delete(path + "/containers/web"));
    }

    /** Whatever a page is ordered by, it is read in that order and not sorted: so the plan says, on every machine, however slow. */
    @Test
    void noPageOfALongListIsSorted() {
        containers(5_000);
        jdbc.sql("analyze containers").update();
        for (String sort : List.of("name", "-createdAt", "memoryBytes", "-diskBytes")) {
            Api.Answer first = admin.get(path + "/containers?sort=" + sort);
            assertThat(first.json().path("items").size()).isEqualTo(100);
        }
        for (String order :
                List.of("c.name, c.id", "c.created_at desc, c.id desc", "c.memory_bytes, c.id", "c.disk_bytes, c.id")) {
            String plan = String.join(
                    "\n",
                    jdbc.sql("explain select c.* from containers c"
                                    + " where c.tenant_id = (select id from tenants where name = ?) and c.deleted_at is null order by "
                                    + order + " limit 101")
                            .param(tenant)
                            .query(String.class)
                            .list());
            assertThat(plan).contains("Index Scan").doesNotContain("Seq Scan on containers", "  Sort  ");
        }
        jdbc.sql("delete from containers where tenant_id = (select id from tenants where name = ?)")
                .param(tenant)
                .update();
    }

    @Test
    void nobodyOverwritesWhatTheyHaveNotSeen() {
        Api.Answer seen = admin.get(path);
        Api late = admin.with("If-Match", seen.header("ETag"));
        Api.Answer suspended = late.patch(path, "{\"state\":\"SUSPENDED\",\"reason\":\"unpaid\"}");
        assertThat(suspended.status()).as(suspended.toString()).isEqualTo(200);
        assertThat(suspended.header("ETag")).isEqualTo(admin.get(path).header("ETag"));
        Api.Answer refused = late.patch(path, "{\"state\":\"ACTIVE\"}");
        assertThat(refused.problem()).isEqualTo("precondition-failed");
        assertThat(admin.with("If-Match", suspended.header("ETag"))
                        .patch(path, "{\"state\":\"ACTIVE\"}")
                        .status())
                .isEqualTo(200);
        String party =
                "{\"legalName\":\"Acme\",\"street\":\"1 High Street\",\"postalCode\":\"10115\",\"city\":\"Berlin\",\"country\":\"DE\"}";
        String tax = "{\"name\":\"VAT\",\"basisPoints\":1900}";
        for (var change : List.of(
                List.of(path + "/tax", tax, tax.replace("1900", "700")),
                List.of(path + "/billing-profile", party, party.replace("Acme", "Other")))) {
            String it = change.getFirst();
            Api matching = admin.with("If-Match", admin.get(it).header("ETag"));
            assertThat(matching.put(it, change.get(1)).status()).as(it).isEqualTo(200);
            assertThat(matching.put(it, change.get(2)).status()).as(it).isEqualTo(412);
            assertThat(admin.with("If-Match", "*").put(it, change.get(2)).status())
                    .isEqualTo(200);
        }
    }
}
