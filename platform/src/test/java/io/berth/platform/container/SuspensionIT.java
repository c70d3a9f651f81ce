// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerState;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@ExtendWith(SharedPlatform.class)
class SuspensionIT {
    private static final String FREEZE = "{\"state\":\"SUSPENDED\",\"reason\":\"invoice B-17 is unpaid\"}";
    private static final String STOP = "{\"state\":\"SUSPENDED\",\"containers\":\"STOP\"}";
    private static final Duration PATIENCE =
            Duration.ofMinutes(1); // the job looks every few seconds, and more than once
    private static final String ACTIVE = "{\"state\":\"ACTIVE\"}";

    private final RunningPlatform platform;
    private final Api admin;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final String path = "/tenants/" + tenant;

    SuspensionIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
    }

    @BeforeEach
    void makeTenant() {
        admin.post("/tenants", "{\"name\":\"" + tenant + "\"}");
        make(path, "web");
    }

    private String make(String of, String name) {
        admin.finished(admin.post(of + "/containers", "{\"name\":\"" + name + "\",\"image\":\"debian/bookworm\"}"));
        return of + "/containers/" + name;
    }

    private String below() {
        String below = "b" + UUID.randomUUID().toString().substring(0, 8);
        admin.put(path + "/quota", "{\"hard\":{\"tenants\":1}}");
        Api.Answer made = admin.post("/tenants", "{\"name\":\"" + below + "\",\"parent\":\"" + tenant + "\"}");
        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        return below;
    }

    private Api person(String role) {
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"a long enough password\"}");
        admin.put(path + "/members/" + name, "{\"role\":\"" + role + "\"}");
        return Api.basic(platform.address(), name, "a long enough password");
    }

    private void awaitState(String container, String state) {
        await().untilAsserted(
                        () -> assertThat(admin.get(container).text("state")).isEqualTo(state));
    }

    private void awaitNothingUnderWay() {
        await().until(() -> admin.get("/operations?tenant=" + tenant + "&state=PENDING")
                        .json()
                        .path("items")
                        .isEmpty()
                && admin.get("/operations?tenant=" + tenant + "&state=RUNNING")
                        .json()
                        .path("items")
                        .isEmpty());
    }

    private void lookAgain() {
        platform.bean(Suspensions.class).lookAgain();
    }

    @Test
    void whatRanIsFrozenAndGoesOnAfterwards() {
        String web = path + "/containers/web";
        String off = make(path, "off");
        String cold = make(path, "cold");
        admin.finished(admin.post(off + "/stop", null));
        admin.finished(admin.post(cold + "/freeze", null));
        Api.Answer suspended = admin.patch(path, FREEZE);
        assertThat(suspended.status()).as(suspended.toString()).isEqualTo(200);
        assertThat(suspended.json().path("suspension").path("reason").asString())
                .isEqualTo("invoice B-17 is unpaid");
        assertThat(suspended.json().path("suspension").path("by").asString()).isEqualTo("admin");
        awaitState(web, "FROZEN");
        assertThat(admin.get(web).text("desiredState")).isEqualTo("RUNNING");

        admin.patch(path, ACTIVE);
        awaitState(web, "RUNNING");
        awaitNothingUnderWay();
        assertThat(admin.get(off).text("state")).isEqualTo("STOPPED");
        assertThat(admin.get(cold).text("state")).as("by its owner's wish").isEqualTo("FROZEN");
        assertThat(admin.get(path).json().path("suspension").isNull()).isTrue();
    }

    @Test
    void whatIsStoppedComesBackAsItWas() {
        String web = path + "/containers/web";
        String off = make(path, "off");
        admin.finished(admin.post(off + "/stop", null));
        admin.patch(path, STOP);
        awaitState(web, "STOPPED");
        awaitNothingUnderWay();
        admin.patch(path, ACTIVE);
        awaitState(web, "RUNNING");
        awaitNothingUnderWay();
        assertThat(admin.get(web).text("desiredState")).isEqualTo("RUNNING");
        assertThat(admin.get(off).text("state")).isEqualTo("STOPPED");
    }

    @Test
    void againItChangesNothingAndTheStrongerOrderHolds() {
        String web = path + "/containers/web";
        admin.patch(path, FREEZE);
        awaitState(web, "FROZEN");
        String since = admin.get(path).json().path("suspension").path("since").asString();
        admin.patch(path, FREEZE);
        lookAgain();
        awaitNothingUnderWay();
        ContainerId id = ContainerId.of(admin.get(web).text("id"));
        assertThat(platform.agent().requests())
                .filteredOn(new Request.Freeze(id)::equals)
                .hasSize(1);
        assertThat(admin.get(path).json().path("suspension").path("since").asString())
                .isEqualTo(since);
        admin.patch(path, STOP);
        awaitState(web, "STOPPED");
        admin.patch(path, ACTIVE);
        awaitState(web, "RUNNING");
        admin.patch(path, ACTIVE);
        lookAgain();
        awaitNothingUnderWay();
        assertThat(platform.agent().requests())
                .filteredOn(new Request.Start(id)::equals)
                .as("when it was made, and now")
                .hasSize(2);
    }

    @Test
    void tenantsBelowAreSuspendedToo() {
        String below = below();
        String inner = make("/tenants/" + below, "web");
        admin.patch("/tenants/" + below, FREEZE);
        admin.patch(path, STOP);
        awaitState(inner, "STOPPED");
        assertThat(admin.get("/tenants/" + below).text("state")).isEqualTo("SUSPENDED");
        admin.patch("/tenants/" + below, ACTIVE);
        assertThat(admin.get("/tenants/" + below).text("state"))
                .as("the one above is still")
                .isEqualTo("SUSPENDED");
        Api.Answer refused = admin.post(inner + "/start", null);
        assertThat(refused.text("detail")).contains(tenant, "above");
        admin.patch(path, ACTIVE);
        awaitState(inner, "RUNNING");
    }

    @Test
    void nobodyTouchesItProgramsSeeNothingAndPeopleSeeWhy() {
        Api owner = person("OWNER");
        Api program = Api.bearer(
                platform.address(),
                owner.post("/tokens", "{\"name\":\"ci\",\"scopes\":[\"WRITE\"]}")
                        .text("token"));
        assertThat(program.get(path).status()).isEqualTo(200);
        admin.patch(path, FREEZE);
        assertThat(owner.get(path).json().path("suspension").path("reason").asString())
                .isEqualTo("invoice B-17 is unpaid");
        assertThat(owner.get(path + "/invoices").status()).isEqualTo(200);
        for (Api.Answer refused : List.of(
                owner.post(path + "/containers/web/restart", null),
                owner.delete(path + "/containers/web"),
                owner.post(path + "/invitations", "{\"role\":\"MEMBER\"}"),
                program.get(path),
                program.get(path + "/containers"),
                admin.post(path + "/containers/web/thaw", null),
                admin.post(path + "/containers/web/start", null))) {
            assertThat(refused.status()).as(refused.toString()).isEqualTo(403);
            assertThat(refused.problem()).isEqualTo("tenant-suspended");
            assertThat(refused.text("detail")).contains("unpaid");
        }
        for (Api api : List.of(owner, program)) {
            assertThat(api.patch(path, ACTIVE).status()).isEqualTo(403);
            assertThat(api.put(path + "/deletion", "{}").status()).isEqualTo(403);
        }
        assertThat(admin.get(path + "/audit").response().body())
                .contains("\"state\":\"SUSPENDED\"", "\"state\":\"ACTIVE\"", "invoice B-17 is unpaid");
    }

    @Test
    void whatComesUpMeanwhileIsHeldAsWell() {
        String web = path + "/containers/web";
        ContainerId id = ContainerId.of(admin.get(web).text("id"));
        var running = platform.agent().status(id);
        admin.patch(path, FREEZE);
        awaitState(web, "FROZEN");
        awaitNothingUnderWay();
        platform.agent().report(running); // the node was rebooted, and starts what is to run
        await().untilAsserted(() -> {
            lookAgain();
            assertThat(platform.agent().requests())
                    .filteredOn(new Request.Freeze(id)::equals)
                    .hasSizeGreaterThan(1);
        });
        awaitState(web, "FROZEN");
    }

    @Test
    void whatIsBeingMadeStartsOnlyAfterwards() {
        CountDownLatch making = platform.agent().hold(Request.Create.class);
        try {
            Api.Answer made = admin.post(path + "/containers", "{\"name\":\"late\",\"image\":\"debian/bookworm\"}");
            await().until(() ->
                    admin.get("/operations/" + made.text("id")).text("state").equals("RUNNING"));
            admin.patch(path, STOP);
            making.countDown();
            admin.finished(made);
        } finally {
            making.countDown();
            platform.agent().stopHolding(Request.Create.class);
        }
        String late = path + "/containers/late";
        assertThat(admin.get(late).text("state")).isEqualTo("STOPPED");
        admin.patch(path, ACTIVE);
        awaitState(late, "RUNNING");
    }

    @Test
    void reasonsAreOneLineAndGoWithASuspension() {
        for (String reason : List.of("", " ", "x".repeat(201), "two\\nlines", "\\u202eevil")) {
            Api.Answer answer = admin.patch(path, "{\"state\":\"SUSPENDED\",\"reason\":\"" + reason + "\"}");
            assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
            assertThat(answer.text("field")).isEqualTo("reason");
        }
        assertThat(admin.patch(path, "{\"state\":\"ACTIVE\",\"containers\":\"STOP\"}")
                        .text("field"))
                .isEqualTo("containers");
        assertThat(admin.get(path).text("state")).isEqualTo("ACTIVE");
    }

    @Test
    void aDeletionIsUndoneWhileItsTimeLasts() {
        Api owner = person("OWNER");
        String web = path + "/containers/web";
        Api.Answer asked = admin.put(path + "/deletion", "{\"reason\":\"the contract has ended\",\"graceDays\":7}");
        assertThat(asked.json().path("deletion").path("reason").asString()).isEqualTo("the contract has ended");
        awaitState(web, "STOPPED");
        awaitNothingUnderWay();
        Api.Answer refused = owner.post(web + "/start", null);
        assertThat(refused.problem()).isEqualTo("tenant-suspended");
        assertThat(refused.text("detail")).contains("will be deleted");
        Api.Answer undone = admin.delete(path + "/deletion");
        assertThat(undone.text("state")).as(undone.toString()).isEqualTo("ACTIVE");
        awaitState(web, "RUNNING");
    }

    @Test
    void whenItsTimeIsOverAllOfItGoesAndTheRecordsStay() {
        String below = below();
        ContainerId inner =
                ContainerId.of(admin.get(make("/tenants/" + below, "web")).text("id"));
        UUID id = UUID.fromString(admin.get(path).text("id"));
        invoiceItself();
        admin.put(path + "/deletion", "{\"graceDays\":0}");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(admin.get(path).status()).isEqualTo(404));
        assertThat(admin.get("/tenants/" + below).status()).isEqualTo(404);
        assertThat(platform.agent().containers()).doesNotContainKey(inner);
        JdbcClient jdbc = platform.bean(JdbcClient.class);
        JsonNode owed = admin.get("/invoices?state=DRAFT&kind=INVOICE&tenant=" + tenant)
                .json()
                .path("items");
        assertThat(owed.size()).as("what it owes for the present month").isEqualTo(1);
        String invoice = "/invoices/" + owed.path(0).path("id").asString();
        assertThat(admin.get(invoice).text("tenant")).isEqualTo(tenant);
        assertThat(admin.get(invoice + "/lines").json().path("items").isEmpty()).isFalse();
        assertThat(admin.get(invoice + "/pdf").status()).isEqualTo(200);
        assertThat(admin.post(invoice + "/close", null).text("detail")).contains("not over");
        assertThat(admin.get("/invoices?month=2001-01&tenant=" + tenant)
                        .json()
                        .path("items")
                        .isEmpty())
                .isTrue();
        for (String month : List.of("soon", "999999999-01", "2026-13")) {
            assertThat(admin.get("/invoices?month=" + month).text("field")).isEqualTo("month");
        }
        assertThat(admin.get("/invoices?tenant=%00").status()).isBetween(200, 499);
        assertThat(person("OWNER").get("/invoices").status()).isEqualTo(403);
        assertThat(person("OWNER").get(invoice).status()).isEqualTo(403);
        assertThat(jdbc.sql(
                                "select count(*) from audit_entries where tenant_id = ? and method = 'DELETE' and actor is null")
                        .param(id)
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    private void invoiceItself() {
        String name = "p" + UUID.randomUUID().toString().substring(0, 8);
        admin.post("/price-books", "{\"name\":\"" + name + "\",\"currency\":\"EUR\"}");
        admin.post(
                "/price-books/" + name + "/versions",
                "{\"prices\":[{\"meter\":\"RUNNING\",\"tiers\":[{\"unitPrice\":\"0.01\"}]}]}");
        admin.post(
                "/plans",
                "{\"name\":\"" + name + "\",\"book\":\"" + name
                        + "\",\"version\":1,\"flatMonthly\":500,\"minimumMonthly\":0}");
        Api.Answer planned = admin.put(
                path + "/plan", "{\"plan\":\"" + name + "\",\"from\":\"" + LocalDate.now(ZoneOffset.UTC) + "\"}");
        assertThat(planned.status()).as(planned.toString()).isBetween(200, 299);
    }

    @Test
    void aContainerInQuarantineStaysAndItsTenantWithIt() {
        String web = path + "/containers/web";
        admin.finished(admin.post(web + "/quarantine", "{\"reason\":\"it sends spam\"}"));
        String other = make(path, "other");
        admin.put(path + "/deletion", "{\"graceDays\":0}");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(admin.get(other).status()).isEqualTo(404));
        assertThat(admin.get(web).status()).isEqualTo(200);
        assertThat(admin.delete(path + "/deletion").problem()).isEqualTo("conflict");
        assertThat(platform.agent()
                        .status(ContainerId.of(admin.get(web).text("id")))
                        .state())
                .isEqualTo(ContainerState.FROZEN);
        admin.finished(admin.post(web + "/release", null));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(admin.get(path).status()).isEqualTo(404));
    }
}
