// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.QuarantineReason;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.RecordingAgent;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(SharedPlatform.class)
class QuarantineIT {
    private static final String ORDER = "{\"reason\":\"it sends spam\"}";

    private final RunningPlatform platform;
    private final Api admin;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final String web = "/tenants/" + tenant + "/containers/web";

    QuarantineIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
    }

    @BeforeEach
    void makeContainer() {
        admin.post("/tenants", "{\"name\":\"" + tenant + "\"}");
        admin.finished(
                admin.post("/tenants/" + tenant + "/containers", "{\"name\":\"web\",\"image\":\"debian/bookworm\"}"));
    }

    private Api member(String role) {
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        String password = "a long enough password";
        admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}");
        admin.put("/tenants/" + tenant + "/members/" + name, "{\"role\":\"" + role + "\"}");
        return Api.basic(platform.address(), name, password);
    }

    private String done(Api.Answer accepted) {
        return admin.finished(accepted).path("state").asString();
    }

    @Test
    void anOperatorCutsOffAndReleasesAndTheTenantSeesWhy() {
        ContainerId id = ContainerId.of(admin.get(web).text("id"));
        assertThat(done(admin.post(web + "/quarantine", ORDER))).isEqualTo("SUCCEEDED");
        assertThat(platform.agent().requests())
                .contains(new Request.Quarantine(id, new QuarantineReason("it sends spam")));
        Api member = member("MEMBER");
        Api.Answer seen = member.get(web);
        assertThat(seen.text("state")).isEqualTo("FROZEN");
        JsonNode quarantine = seen.json().path("quarantine");
        assertThat(quarantine.path("reason").asString()).isEqualTo("it sends spam");
        assertThat(quarantine.path("snapshot").asString()).isEqualTo(RecordingAgent.SNAPSHOT.toString());
        assertThat(member.get(web + "/snapshots")
                        .json()
                        .path("items")
                        .get(0)
                        .path("id")
                        .asString())
                .isEqualTo(RecordingAgent.SNAPSHOT.toString());

        assertThat(done(admin.post(web + "/release", null))).isEqualTo("SUCCEEDED");
        assertThat(member.get(web).json().path("quarantine").isNull()).isTrue();
    }

    @Test
    void nobodyButAnOperatorMay() {
        for (String role : List.of("MEMBER", "OWNER")) {
            Api api = member(role);
            assertThat(api.post(web + "/quarantine", ORDER).status()).isEqualTo(403);
            assertThat(api.post(web + "/release", null).status()).isEqualTo(403);
        }
        String token = admin.headers().isEmpty()
                ? ""
                : platform.admin()
                        .post("/tokens", "{\"name\":\"weak\",\"scopes\":[\"WRITE\"]}")
                        .text("token");
        Api weak = Api.bearer(platform.address(), token);
        assertThat(weak.post(web + "/quarantine", ORDER).status()).isIn(403, 404);
        assertThat(admin.get(web).json().path("quarantine").isNull()).isTrue();
    }

    @Test
    void whileItHoldsNoVerbPassesNotEvenAnOperators() {
        done(admin.post(web + "/quarantine", ORDER));
        for (Api api : List.of(admin, member("OWNER"))) {
            List<Api.Answer> answers = List.of(
                    api.post(web + "/start", null),
                    api.post(web + "/stop", null),
                    api.post(web + "/restart", null),
                    api.post(web + "/freeze", null),
                    api.post(web + "/thaw", null),
                    api.patch(web, "{\"limits\":{\"pids\":512}}"),
                    api.delete(web));
            assertThat(answers).allSatisfy(answer -> {
                assertThat(answer.status()).as(answer.toString()).isEqualTo(409);
                assertThat(answer.problem()).isEqualTo("quarantined");
                assertThat(answer.text("detail")).contains("it sends spam", "operator");
            });
        }
        assertThat(admin.get(web).text("desiredState")).isEqualTo("RUNNING");
        done(admin.post(web + "/release", null));
        assertThat(done(admin.post(web + "/stop", null))).isEqualTo("SUCCEEDED");
    }

    /** 32 slow stops hold every worker of the tenants' lane, this tenant's own eight among them; what comes after them waits. */
    @Test
    void itWaitsForNothingThatTenantsHaveAskedFor() {
        CountDownLatch slow = platform.agent().hold(Request.Stop.class);
        List<Api.Answer> stops = new ArrayList<>();
        try {
            for (String of : List.of(tenant, anotherTenant(), anotherTenant(), anotherTenant())) {
                stops.addAll(stopEight(of));
            }
            await().until(() -> stops.stream().allMatch(stop -> state(stop).equals("RUNNING")));
            String late = anotherTenant();
            Api.Answer waiting = admin.post(containers(late), body("late"));

            assertThat(done(admin.post(containers(tenant) + "/c0/quarantine", ORDER)))
                    .as("of one that is being stopped")
                    .isEqualTo("SUCCEEDED");
            assertThat(done(admin.post(web + "/quarantine", ORDER))).isEqualTo("SUCCEEDED");
            assertThat(done(admin.post(web + "/release", null))).isEqualTo("SUCCEEDED");
            assertThat(stops).allMatch(stop -> state(stop).equals("RUNNING"));
            assertThat(state(waiting)).isEqualTo("PENDING");
            slow.countDown();
            assertThat(done(waiting)).isEqualTo("SUCCEEDED");
        } finally {
            slow.countDown();
            platform.agent().stopHolding(Request.Stop.class);
        }
        stops.forEach(admin::finished);
    }

    private String anotherTenant() {
        String other = "t" + UUID.randomUUID().toString().substring(0, 8);
        admin.post("/tenants", "{\"name\":\"" + other + "\"}");
        return other;
    }

    private static String containers(String tenant) {
        return "/tenants/" + tenant + "/containers";
    }

    private static String body(String name) {
        return "{\"name\":\"" + name + "\",\"image\":\"debian/bookworm\"}";
    }

    private List<Api.Answer> stopEight(String of) {
        List<String> names =
                IntStream.range(0, 8).mapToObj(number -> "c" + number).toList();
        List<Api.Answer> made = names.stream()
                .map(name -> admin.post(containers(of), body(name)))
                .toList();
        made.forEach(admin::finished);
        return names.stream()
                .map(name -> admin.post(containers(of) + "/" + name + "/stop", null))
                .toList();
    }

    private String state(Api.Answer accepted) {
        return admin.get("/operations/" + accepted.text("id")).text("state");
    }

    @Test
    void aReasonIsOnePlainLine() {
        for (String reason : List.of("", " ", "x".repeat(201), "two\\nlines", "\\u001b[2J")) {
            Api.Answer answer = admin.post(web + "/quarantine", "{\"reason\":\"" + reason + "\"}");
            assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
            assertThat(answer.text("field")).isEqualTo("reason");
        }
        assertThat(admin.post(web + "/quarantine", "{}").status()).isEqualTo(422);
        assertThat(admin.post(web + "/quarantine", null).status()).isEqualTo(400);
    }
}
