// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.platform.tenant.TenantHeld;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** What a tenant may cost, and what happens then: over REST, in a real database, with what the node is asked. */
@ExtendWith(SharedPlatform.class)
class BudgetIT {
    private static final String CAPPED = """
            {"currency":"EUR","monthly":1000,"caps":{"throttleAt":50,"freezeAt":80,"stopAt":100}}
            """;

    private final RunningPlatform platform;
    private final Api admin;
    private final BilledTenant tenant;
    private final LocalDate today = LocalDate.now(ZoneOffset.UTC);

    BudgetIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
        this.tenant = new BilledTenant(platform);
    }

    private JsonNode look() {
        platform.bean(BudgetWatch.class).lookAgain();
        return admin.get(tenant.path + "/budget").json();
    }

    private void awaitState(String container, String state) {
        await().untilAsserted(
                        () -> assertThat(admin.get(container).text("state")).isEqualTo(state));
    }

    private void awaitProcessors(ContainerId id, int milliCpus) {
        await().untilAsserted(() -> assertThat(platform.agent().requests())
                .filteredOn(Request.Resize.class::isInstance)
                .map(Request.Resize.class::cast)
                .filteredOn(it -> it.id().equals(id))
                .last()
                .matches(it -> it.limits().milliCpus() == milliCpus, "has " + milliCpus));
    }

    private List<String> notes() {
        return admin.get(tenant.path + "/budget/notes")
                .json()
                .path("items")
                .valueStream()
                .map(it -> it.path("kind").asString() + " "
                        + (it.path("percent").isNull()
                                ? it.path("step").asString("NONE")
                                : it.path("percent").asString()))
                .toList();
    }

    @Test
    void capsActInStepsAndAreUndoneWhenTheBudgetIsRaised() {
        String web = tenant.path + "/containers/web";
        admin.finished(admin.post(
                tenant.path + "/containers",
                "{\"name\":\"web\",\"image\":\"debian/bookworm\",\"limits\":{\"milliCpus\":2000}}"));
        ContainerId id = ContainerId.of(admin.get(web).text("id"));
        awaitState(web, "RUNNING");
        Api owner = tenant.member("OWNER");
        Api.Answer set = owner.put(tenant.path + "/budget", CAPPED);
        assertThat(set.status()).as(set.toString()).isEqualTo(200);
        assertThat(set.json().path("step").isNull()).isTrue();

        tenant.sends(today, 6);
        assertThat(look().path("step").asString()).isEqualTo("THROTTLE");
        awaitProcessors(id, 500);
        JsonNode throttled = admin.get(web).json();
        assertThat(throttled.path("throttledMilliCpus").asInt()).isEqualTo(500);
        assertThat(throttled.path("limits").path("milliCpus").asInt())
                .as("what it has reserved")
                .isEqualTo(2000);
        assertThat(throttled.path("state").asString()).isEqualTo("RUNNING");

        tenant.sends(today, 3);
        assertThat(look().path("percent").asInt()).isEqualTo(90);
        awaitState(web, "FROZEN");
        assertThat(admin.get(tenant.path).text("overBudget")).isEqualTo(tenant.name);
        Api.Answer refused =
                owner.post(tenant.path + "/containers", "{\"name\":\"more\",\"image\":\"debian/bookworm\"}");
        assertThat(refused.problem()).isEqualTo("tenant-suspended");
        assertThat(refused.text("detail")).contains("the budget of '" + tenant.name + "' is used up", "/budget");

        tenant.sends(today, 2);
        assertThat(look().path("step").asString()).isEqualTo("STOP");
        awaitState(web, "STOPPED");
        assertThat(notes())
                .containsExactly("STEP STOP", "ALERT 100", "STEP FREEZE", "ALERT 80", "STEP THROTTLE", "ALERT 50");
        assertThat(look().path("step").asString()).isEqualTo("STOP");
        assertThat(notes()).as("looked again, nothing new").hasSize(6);

        Api.Answer raised = owner.put(tenant.path + "/budget", CAPPED.replace("1000", "10000"));
        assertThat(raised.status()).as(raised.toString()).isEqualTo(200);
        assertThat(raised.json().path("step").isNull()).isTrue();
        awaitState(web, "RUNNING");
        awaitProcessors(id, 2000);
        await().untilAsserted(() -> assertThat(
                        admin.get(web).json().path("throttledMilliCpus").isNull())
                .isTrue());
        assertThat(admin.get(web).json().path("limits").path("milliCpus").asInt())
                .isEqualTo(2000);
        assertThat(admin.get("/tenants/" + tenant.name + "/audit").response().body())
                .contains("/api/v1/tenants/" + tenant.name + "/budget/steps");
    }

    /** As a minute later, when it is asked again. */
    private void aMinuteLater(ContainerId id) {
        var jdbc = platform.bean(JdbcClient.class);
        jdbc.sql("update containers set throttle_asked_at = now() - interval '2 minutes' where id = ?")
                .param(id.value())
                .update();
        UUID owner = jdbc.sql("select tenant_id from containers where id = ?")
                .param(id.value())
                .query(UUID.class)
                .single();
        platform.bean(TransactionTemplate.class)
                .executeWithoutResult(status -> platform.context().publishEvent(new TenantHeld(owner)));
    }

    private void awaitLastError(String container, boolean isThere) {
        await().untilAsserted(() ->
                assertThat(!admin.get(container).text("lastError").isEmpty()).isEqualTo(isThere));
    }

    @Test
    void aNodeThatRefusesIsAskedAgainAndWhatItHasGotCounts() {
        String web = tenant.path + "/containers/web";
        admin.finished(admin.post(
                tenant.path + "/containers",
                "{\"name\":\"web\",\"image\":\"debian/bookworm\",\"limits\":{\"milliCpus\":2000}}"));
        ContainerId id = ContainerId.of(admin.get(web).text("id"));
        awaitState(web, "RUNNING");
        admin.put(tenant.path + "/budget", "{\"currency\":\"EUR\",\"monthly\":1000,\"caps\":{\"throttleAt\":50}}");
        platform.agent().refuse(Request.Resize.class, Refusal.EXHAUSTED, "not now");
        try {
            tenant.sends(today, 6);
            look();
            awaitLastError(web, true);
        } finally {
            platform.agent().accept(Request.Resize.class);
        }
        assertThat(platform.agent().status(id).spec().limits().milliCpus()).isEqualTo(2000);
        aMinuteLater(id);
        await().until(() -> platform.agent().status(id).spec().limits().milliCpus() == 500);

        platform.agent().refuse(Request.Resize.class, Refusal.EXHAUSTED, "not now");
        int asked = platform.agent().requests().size();
        try {
            admin.delete(tenant.path + "/budget");
            await().until(() -> platform.agent().requests().stream()
                    .skip(asked)
                    .anyMatch(it -> it instanceof Request.Resize resize
                            && resize.id().equals(id)
                            && resize.limits().milliCpus() == 2000));
            platform.agent().report(platform.agent().status(id)); // the node's own word is no wish of anybody's
            await().until(() -> platform.bean(JdbcClient.class)
                    .sql("select count(*) from operations where target_id = ? and state in ('PENDING', 'RUNNING')")
                    .param(id.toString())
                    .query(Long.class)
                    .single()
                    .equals(0L));
        } finally {
            platform.agent().accept(Request.Resize.class);
        }
        aMinuteLater(id);
        await().until(() -> platform.agent().status(id).spec().limits().milliCpus() == 2000);
        await().until(() -> admin.get(web).json().path("throttledMilliCpus").isNull());
        assertThat(admin.get(web).json().path("limits").path("milliCpus").asInt())
                .isEqualTo(2000);
    }

    @Test
    void whatWasDoneIsUndoneWhenTheMonthTurns() {
        tenant.sends(today, 20);
        assertThat(admin.put(tenant.path + "/budget", CAPPED)
                        .json()
                        .path("step")
                        .asString())
                .isEqualTo("STOP");
        assertThat(admin.get(tenant.path).text("state")).isEqualTo("SUSPENDED");
        Instant next =
                YearMonth.from(today).plusMonths(1).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        platform.clock().forward(Duration.between(Instant.now(), next).plusHours(1));
        try {
            JsonNode looked = look();
            assertThat(looked.path("step").isNull()).isTrue();
            assertThat(looked.path("spent").asLong()).isZero();
            assertThat(looked.path("month").asString())
                    .isEqualTo(YearMonth.from(today).plusMonths(1).toString());
        } finally {
            platform.clock().reset();
        }
        assertThat(look().path("step").asString())
                .as("it is the present month again")
                .isEqualTo("STOP");
    }

    @Test
    void aTenantBelowIsCountedAndHeldAndLiftsNothing() {
        String below = "b" + UUID.randomUUID().toString().substring(0, 8);
        admin.put(tenant.path + "/quota", "{\"hard\":{\"tenants\":1}}");
        admin.post("/tenants", "{\"name\":\"" + below + "\",\"parent\":\"" + tenant.name + "\"}");
        tenant.isOnThePlan("/tenants/" + below);
        tenant.sends("/tenants/" + below, today, 9);
        Api owner = tenant.member("OWNER");
        Api student = tenant.member("/tenants/" + below, "OWNER");
        assertThat(owner.put(tenant.path + "/budget", CAPPED)
                        .json()
                        .path("step")
                        .asString())
                .isEqualTo("FREEZE");
        assertThat(admin.get("/tenants/" + below).text("overBudget")).isEqualTo(tenant.name);
        assertThat(owner.delete(tenant.path + "/budget").status()).isEqualTo(204);

        assertThat(owner.put("/tenants/" + below + "/budget", CAPPED).status())
                .as("delegated")
                .isEqualTo(200);
        assertThat(admin.get("/tenants/" + below).text("state")).isEqualTo("SUSPENDED");
        assertThat(admin.get(tenant.path).text("state")).isEqualTo("ACTIVE");
        assertThat(student.get("/tenants/" + below + "/budget").status()).isEqualTo(200);
        assertThat(student.put("/tenants/" + below + "/budget", CAPPED.replace("1000", "9000"))
                        .status())
                .isEqualTo(403);
        assertThat(student.delete("/tenants/" + below + "/budget").status()).isEqualTo(403);
    }

    @Test
    void ownersSetItAndWhoBillsSeesIt() {
        Api billing = tenant.member("BILLING");
        Api member = tenant.member("MEMBER");
        assertThat(admin.get(tenant.path + "/budget").status()).isEqualTo(404);
        Api.Answer set = admin.put(tenant.path + "/budget", CAPPED);
        String etag = set.header("ETag");
        assertThat(billing.get(tenant.path + "/budget")
                        .json()
                        .path("alerts")
                        .valueStream()
                        .map(JsonNode::asInt))
                .containsExactly(50, 80, 100);
        assertThat(billing.get(tenant.path + "/invoices").status()).isEqualTo(200);
        assertThat(billing.put(tenant.path + "/budget", CAPPED).status()).isEqualTo(403);
        assertThat(billing.post(tenant.path + "/containers", "{\"name\":\"x\",\"image\":\"debian/bookworm\"}")
                        .status())
                .isEqualTo(403);
        assertThat(member.get(tenant.path + "/budget").status()).isEqualTo(403);
        Api current = admin.with("If-Match", etag);
        assertThat(current.put(tenant.path + "/budget", CAPPED).status()).isEqualTo(200);
        assertThat(current.put(tenant.path + "/budget", CAPPED).problem()).isEqualTo("precondition-failed");
        assertThat(current.delete(tenant.path + "/budget").status()).isEqualTo(412);
        assertThat(admin.put(tenant.path + "/budget", CAPPED.replace("80", "40"))
                        .text("field"))
                .isEqualTo("caps.freezeAt");
        assertThat(admin.put(tenant.path + "/budget", CAPPED.replace("EUR", "XXX"))
                        .text("field"))
                .isEqualTo("currency");
    }
}
