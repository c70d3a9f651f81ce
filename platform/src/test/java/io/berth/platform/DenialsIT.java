// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.core.protocol.Denial;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What containers are denied, what they are granted, and what none gets. */
@ExtendWith(SharedPlatform.class)
class DenialsIT {
    private static final String WHY = "their database needs it";

    private final RunningPlatform platform;
    private final Api admin;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final String web = "/tenants/" + tenant + "/containers/web";
    private final Instant tomorrow = Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
    private ContainerId id = new ContainerId(UUID.randomUUID());

    DenialsIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
    }

    @BeforeEach
    void makeContainer() {
        admin.post("/tenants", "{\"name\":\"" + tenant + "\"}");
        admin.finished(
                admin.post("/tenants/" + tenant + "/containers", "{\"name\":\"web\",\"image\":\"debian/bookworm\"}"));
        id = ContainerId.of(admin.get(web).text("id"));
    }

    @AfterEach
    void leaveNoPatch() {
        platform.agent().setSilent(false);
        platform.agent().accept(Request.Grant.class);
        platform.agent().accept(Request.AddPatch.class);
        items(admin, "/patches")
                .forEach(patch -> admin.delete("/patches/" + patch.path("call").asString()));
        await().until(() -> platform.agent().patches().isEmpty());
    }

    private Api member(String ofTenant, String role) {
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        String password = "a long enough password";
        admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}");
        admin.put("/tenants/" + ofTenant + "/members/" + name, "{\"role\":\"" + role + "\"}");
        String token = Api.basic(platform.address(), name, password)
                .post("/tokens", "{\"name\":\"t\",\"scopes\":[\"WRITE\"]}")
                .text("token");
        return Api.bearer(platform.address(), token);
    }

    private String otherTenant() {
        String other = "t" + UUID.randomUUID().toString().substring(0, 8);
        admin.post("/tenants", "{\"name\":\"" + other + "\"}");
        return other;
    }

    private static JsonNode items(Api api, String path) {
        return api.get(path).json().path("items");
    }

    private static String grant(Instant until) {
        return "{\"until\":\"" + until + "\",\"reason\":\"" + WHY + "\"}";
    }

    @Test
    void aMemberSeesWhatTheirContainerWasDeniedByWhichRuleAndNobodyElseDoes() {
        Instant at = Instant.parse("2026-11-25T12:00:00Z");
        platform.agent()
                .deny(id, new Denial("umount2", "umount2(flags=0x1)", "EPERM", "umount", 4711, 3, at, at), "a reason");
        JsonNode denials = member(tenant, "MEMBER").get(web + "/denials").json();
        JsonNode denial = denials.path("recent").get(0);
        assertThat(denial.path("call").asString()).isEqualTo("umount2(flags=0x1)");
        assertThat(denial.path("rule").asString()).isEqualTo("umount2");
        assertThat(denial.path("times").asInt()).isEqualTo(3);
        assertThat(denials.toString()).as("the host's pids").doesNotContain("4711", "pid");
        assertThat(denials.path("counts").get(0).path("count").asInt()).isEqualTo(3);
        assertThat(denials.path("counts").get(0).path("reason").asString()).isEqualTo("a reason");
        assertThat(member(otherTenant(), "OWNER").get(web + "/denials").status())
                .isEqualTo(404);
        assertThat(platform.anonymous().get(web + "/denials").status()).isEqualTo(401);
    }

    @Test
    void anOperatorGrantsAnExceptionWithAnEndAndRevokesIt() {
        Api.Answer made = admin.put(web + "/grants/bpf", grant(tomorrow));
        assertThat(made.status()).as(made.toString()).isEqualTo(200);
        assertThat(made.text("state")).isEqualTo("HOLDS");
        assertThat(made.json().path("told").asBoolean()).isTrue();
        assertThat(made.text("grantedBy")).isEqualTo("admin");
        assertThat(platform.agent().requests()).contains(new Request.Grant(id, "bpf", tomorrow));
        Api member = member(tenant, "MEMBER");
        assertThat(member.get(web + "/denials").json().path("grants").toString())
                .isEqualTo("[{\"rule\":\"bpf\",\"until\":\"" + tomorrow + "\"}]");

        Instant later = tomorrow.plusSeconds(60);
        assertThat(admin.put(web + "/grants/bpf", grant(later)).text("until")).isEqualTo(later.toString());
        assertThat(admin.delete(web + "/grants/bpf").status()).isEqualTo(204);
        assertThat(platform.agent().requests()).contains(new Request.Revoke(id, "bpf"));
        assertThat(platform.agent().denials(id).grants()).isEmpty();
        JsonNode history = items(admin, web + "/grants");
        assertThat(history.valueStream().map(one -> one.path("state").asString()))
                .containsExactly("REVOKED", "REVOKED");
        assertThat(history.get(0).path("until").asString()).isEqualTo(later.toString());
        assertThat(history.get(0).path("endedBy").asString()).isEqualTo("admin");
        assertThat(admin.delete(web + "/grants/bpf").status()).isEqualTo(404);
    }

    @Test
    void whatRootOnTheNodeHasGrantedCanBeRevokedAsWell() {
        platform.agent().grant(id, "bpf", tomorrow);
        assertThat(admin.delete(web + "/grants/bpf").status()).isEqualTo(204);
        assertThat(platform.agent().denials(id).grants()).isEmpty();
    }

    @Test
    void nobodyButAnOperatorGrantsOrPatches() {
        for (String role : List.of("MEMBER", "OWNER")) {
            Api api = member(tenant, role);
            List<Api.Answer> answers = List.of(
                    api.get(web + "/grants"),
                    api.put(web + "/grants/bpf", grant(tomorrow)),
                    api.delete(web + "/grants/bpf"),
                    api.get("/patches"),
                    api.get("/patches/vmsplice"),
                    api.get("/patches/vmsplice/coverage"),
                    api.put("/patches/vmsplice", "{\"reason\":\"" + WHY + "\"}"),
                    api.delete("/patches/vmsplice"));
            assertThat(answers)
                    .allSatisfy(answer ->
                            assertThat(answer.status()).as(answer.toString()).isEqualTo(403));
        }
        Api stranger = member(otherTenant(), "OWNER");
        assertThat(stranger.put(web + "/grants/bpf", grant(tomorrow)).status()).isEqualTo(404);
        assertThat(platform.agent().patches()).isEmpty();
        assertThat(items(admin, web + "/grants")).isEmpty();
    }

    @Test
    void whatIsWrongIsNamedAndNothingOfItStays() {
        for (Instant until : List.of(Instant.EPOCH, Instant.now().plus(367, ChronoUnit.DAYS))) {
            Api.Answer answer = admin.put(web + "/grants/bpf", grant(until));
            assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
            assertThat(answer.text("field")).isEqualTo("until");
        }
        for (String name : List.of("B", "..", "a b", "x".repeat(41))) {
            String path = name.replace(" ", "%20");
            assertThat(admin.put(web + "/grants/" + path, grant(tomorrow)).status())
                    .as(name)
                    .isIn(400, 404, 405, 422);
        }
        assertThat(admin.put(web + "/grants/BPF", grant(tomorrow)).text("field"))
                .isEqualTo("rule");
        assertThat(admin.put("/patches/VMSPLICE", "{\"reason\":\"x\"}").text("field"))
                .isEqualTo("call");
        assertThat(admin.put("/patches/vmsplice", "{\"reason\":\"two\\nlines\"}")
                        .text("field"))
                .isEqualTo("reason");

        platform.agent().refuse(Request.Grant.class, Refusal.INVALID, "rule: there is no exception from 'nosuch'");
        Api.Answer grant = admin.put(web + "/grants/nosuch", grant(tomorrow));
        assertThat(grant.status()).as(grant.toString()).isEqualTo(422);
        assertThat(grant.text("field")).isEqualTo("rule");
        assertThat(items(admin, web + "/grants")).isEmpty();

        platform.agent().refuse(Request.AddPatch.class, Refusal.INVALID, "call: there is no system call 'nosuch'");
        Api.Answer patch = admin.put("/patches/nosuch", "{\"reason\":\"x\"}");
        assertThat(patch.status()).as(patch.toString()).isEqualTo(422);
        assertThat(patch.text("field")).isEqualTo("call");
        assertThat(items(admin, "/patches")).isEmpty();
    }

    @Test
    void aPatchSaysWhenItTakesEffectAndWhomItCovers() {
        Api.Answer made = admin.put("/patches/vmsplice", "{\"reason\":\"CVE-2026-1\"}");
        assertThat(made.status()).as(made.toString()).isEqualTo(200);
        assertThat(made.text("takesEffect")).contains("logins", "next start");
        assertThat(made.json().path("nodes").get(0).path("appliedAt").isNull()).isFalse();
        assertThat(platform.agent().patches()).extracting("call").containsExactly("vmsplice");
        JsonNode covered = items(admin, "/patches/vmsplice/coverage?limit=500");
        assertThat(covered.valueStream()).anySatisfy(one -> {
            assertThat(one.path("container").asString()).isEqualTo(id.toString());
            assertThat(one.path("tenant").asString()).isEqualTo(tenant);
            assertThat(one.path("init").isNull()).isTrue();
            assertThat(one.path("logins").isNull()).isFalse();
        });
        String addedAt = made.text("addedAt");
        assertThat(admin.put("/patches/vmsplice", "{\"reason\":\"again\"}").text("addedAt"))
                .isEqualTo(addedAt);
        assertThat(admin.delete("/patches/vmsplice").status()).isEqualTo(204);
        assertThat(platform.agent().patches()).isEmpty();
        assertThat(admin.delete("/patches/vmsplice").status()).isEqualTo(404);
    }

    @Test
    void aNodeThatIsDownHearsItWhenItComesBack() {
        platform.agent().setSilent(true);
        Api.Answer patch = admin.put("/patches/vmsplice", "{\"reason\":\"CVE-2026-1\"}");
        assertThat(patch.status()).as(patch.toString()).isEqualTo(200);
        assertThat(patch.json().path("nodes").get(0).path("appliedAt").isNull()).isTrue();
        assertThat(admin.get("/patches/vmsplice/coverage").status()).isEqualTo(409);
        Api.Answer grant = admin.put(web + "/grants/bpf", grant(tomorrow));
        assertThat(grant.json().path("told").asBoolean()).isFalse();
        platform.agent().setSilent(false);
        await().until(() -> !admin.get("/patches/vmsplice")
                .json()
                .path("nodes")
                .get(0)
                .path("appliedAt")
                .isNull());
        await().until(() -> items(admin, web + "/grants").get(0).path("told").asBoolean());
        assertThat(platform.agent().denials(id).grants()).hasSize(1);
    }

    @Test
    void aNodeThatHasForgottenHearsItAgainAndWhatRootMadeThereStays() {
        admin.put("/patches/vmsplice", "{\"reason\":\"CVE-2026-1\"}");
        admin.put(web + "/grants/bpf", grant(tomorrow));
        platform.agent().setSilent(true);
        platform.agent().forgetPolicyChanges();
        platform.agent().setSilent(false);
        platform.agent().coverage(new Request.AddPatch("tee"));
        await().until(() -> platform.agent().patches().size() == 2);
        await().until(() -> !platform.agent().denials(id).grants().isEmpty());
        admin.delete("/patches/vmsplice");
        assertThat(platform.agent().patches()).extracting("call").containsExactly("tee");
        platform.agent().done(new Request.RemovePatch("tee"));
    }

    @Test
    void aTenantThatAsksTooOftenIsToldWhenToComeBackAndHarmsNobodyElse() {
        Api busy = member(tenant, "MEMBER");
        String other = otherTenant();
        admin.finished(
                admin.post("/tenants/" + other + "/containers", "{\"name\":\"web\",\"image\":\"debian/bookworm\"}"));
        Api quiet = member(other, "MEMBER");
        Api.Answer refused = busy.get(web + "/denials");
        for (int asked = 0; refused.status() == 200; asked++) {
            assertThat(asked).isLessThan(1_000);
            refused = busy.get(web + (asked % 2 == 0 ? "/passport" : "/denials"));
        }
        assertThat(refused.status()).as(refused.toString()).isEqualTo(429);
        assertThat(refused.problem()).isEqualTo("too-many-requests");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 2);
        assertThat(quiet.get("/tenants/" + other + "/containers/web/passport").status())
                .isEqualTo(200);
        assertThat(admin.get(web + "/passport").status()).isEqualTo(200);
    }
}
