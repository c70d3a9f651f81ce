// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.SnapshotName;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(SharedPlatform.class)
class SnapshotIT {
    private final RunningPlatform platform;
    private final Api admin;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final String containers = "/tenants/" + tenant + "/containers";
    private final String web = containers + "/web";
    private Api member;

    SnapshotIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
        this.member = admin;
    }

    @BeforeEach
    void makeContainer() {
        admin.post("/tenants", "{\"name\":\"" + tenant + "\"}");
        member = member();
        done(member.post(containers, "{\"name\":\"web\",\"image\":\"debian/bookworm\"}"));
    }

    private Api member() {
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        String password = "a long enough password";
        admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}");
        admin.put("/tenants/" + tenant + "/members/" + name, "{\"role\":\"MEMBER\"}");
        return Api.basic(platform.address(), name, password);
    }

    private void done(Api.Answer accepted) {
        assertThat(accepted.status()).as(accepted.toString()).isEqualTo(202);
        assertThat(admin.finished(accepted).path("state").asString()).isEqualTo("SUCCEEDED");
    }

    private void failed(Api.Answer accepted) {
        assertThat(accepted.status()).as(accepted.toString()).isEqualTo(202);
        assertThat(admin.finished(accepted).path("state").asString()).isEqualTo("FAILED");
    }

    private ContainerId id(String name) {
        return ContainerId.of(admin.get(containers + "/" + name).text("id"));
    }

    private List<JsonNode> snapshots() {
        return member.get(web + "/snapshots").json().path("items").valueStream().toList();
    }

    private static String named(String name) {
        return "{\"name\":\"" + name + "\"}";
    }

    private <T extends Request> T asked(Class<T> kind, ContainerId id) {
        return platform.agent().requests().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(request -> request.toString().contains(id.toString()))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    @Test
    void aTenantTakesRestoresAndDeletes() {
        done(member.post(web + "/snapshots", named("before")));
        JsonNode taken = snapshots().getFirst();
        assertThat(taken.path("name").asString()).isEqualTo("before");
        assertThat(taken.path("state").asString()).isEqualTo("KEPT");
        SnapshotId snapshot = SnapshotId.of(taken.path("id").asString());
        assertThat(asked(Request.TakeSnapshot.class, id("web")))
                .isEqualTo(new Request.TakeSnapshot(id("web"), snapshot, new SnapshotName("before")));
        Api.Answer twice = member.post(web + "/snapshots", named("before"));
        assertThat(twice.status()).isEqualTo(409);
        assertThat(twice.problem()).isEqualTo("name-taken");

        done(member.post(web + "/snapshots/before/restore", null));
        assertThat(asked(Request.Restore.class, id("web"))).isEqualTo(new Request.Restore(id("web"), snapshot));
        done(member.delete(web + "/snapshots/" + snapshot));
        assertThat(snapshots()).isEmpty();
        assertThat(member.post(web + "/snapshots/before/restore", null).status())
                .isEqualTo(404);
        done(member.post(web + "/snapshots", null));
        assertThat(snapshots().getFirst().path("name").asString()).startsWith("snap-");
    }

    @Test
    void aKeyTakesOneSnapshotHoweverOftenItIsSent() {
        Api once = member.with("Idempotency-Key", UUID.randomUUID().toString());
        Api.Answer first = once.post(web + "/snapshots", named("before"));
        assertThat(once.post(web + "/snapshots", named("before")).text("id")).isEqualTo(first.text("id"));
        done(first);
        assertThat(snapshots()).hasSize(1);
    }

    @Test
    void whatTheNodeRefusesIsNotListed() {
        platform.agent().refuse(Request.TakeSnapshot.class, Refusal.EXHAUSTED, "the pool is full");
        try {
            failed(member.post(web + "/snapshots", named("before")));
        } finally {
            platform.agent().accept(Request.TakeSnapshot.class);
        }
        assertThat(snapshots()).isEmpty();
        done(member.post(web + "/snapshots", named("before")));
    }

    @Test
    void aCopyIsAContainerOfItsOwn() {
        done(member.post(web + "/snapshots", named("before")));
        String snapshot = snapshots().getFirst().path("id").asString();
        done(member.post(
                web + "/copy", "{\"name\":\"blog\",\"snapshot\":\"before\",\"limits\":{\"diskBytes\":1073741824}}"));
        Api.Answer copy = member.get(containers + "/blog");
        assertThat(copy.text("state")).isEqualTo("RUNNING");
        assertThat(copy.json().path("limits").path("diskBytes").asLong()).isEqualTo(1L << 30);
        Request.Copy asked = asked(Request.Copy.class, id("blog"));
        assertThat(asked.original()).isEqualTo(id("web"));
        assertThat(asked.snapshot()).isEqualTo(SnapshotId.of(snapshot));
        assertThat(asked.spec().image().value()).isEqualTo(member.get(web).text("image"));
        assertThat(member.post(web + "/copy", named("blog")).status()).isEqualTo(409);
        done(member.post(web + "/copy", "{\"name\":\"third\",\"start\":false}"));
        assertThat(member.get(containers + "/third").text("state")).isEqualTo("STOPPED");
        assertThat(asked(Request.Copy.class, id("third")).snapshot()).isNull();
    }

    @Test
    void aCopyThatTheNodeRefusesLeavesTheNameFree() {
        platform.agent().refuse(Request.Copy.class, Refusal.INVALID, "limits.diskBytes: ask for more");
        try {
            failed(member.post(web + "/copy", named("blog")));
        } finally {
            platform.agent().accept(Request.Copy.class);
        }
        assertThat(member.get(containers + "/blog").status()).isEqualTo(404);
        done(member.post(web + "/copy", named("blog")));
    }

    @Test
    void aStoppedContainerIsRenamedAndARefusalTakesTheNameBack() {
        assertThat(member.post(web + "/rename", named("blog")).text("detail")).contains("stop it first");
        done(member.post(web + "/stop", null));
        ContainerId id = id("web");
        done(member.post(web + "/rename", named("blog")));
        assertThat(asked(Request.Rename.class, id)).isEqualTo(new Request.Rename(id, new ContainerName("blog")));
        assertThat(id("blog")).isEqualTo(id);
        assertThat(member.get(web).status()).isEqualTo(404);
        platform.agent().refuse(Request.Rename.class, Refusal.CONFLICT, "it runs");
        try {
            failed(member.post(containers + "/blog/rename", named("news")));
        } finally {
            platform.agent().accept(Request.Rename.class);
        }
        assertThat(id("blog")).isEqualTo(id);
    }

    @Test
    void evidenceIsTheOperators() {
        assertThat(member.post(web + "/snapshots", named("quarantine-mine")).problem())
                .isEqualTo("invalid-field");
        done(admin.post(web + "/quarantine", "{\"reason\":\"it sends spam\"}"));
        for (Api.Answer answer : List.of(
                member.post(web + "/snapshots", named("more")),
                member.post(web + "/copy", named("blog")),
                member.post(web + "/rename", named("blog")),
                admin.delete(web + "/snapshots/any"))) {
            assertThat(answer.problem()).as(answer.toString()).isEqualTo("quarantined");
        }
        String evidence = snapshots().getFirst().path("name").asString();
        assertThat(evidence).startsWith("quarantine-");
        done(admin.post(web + "/release", null));
        assertThat(member.delete(web + "/snapshots/" + evidence).status()).isEqualTo(403);
        done(admin.delete(web + "/snapshots/" + evidence));
    }

    @Test
    void nobodyElsesCanBeTouched() {
        done(member.post(web + "/snapshots", named("before")));
        String other = "t" + UUID.randomUUID().toString().substring(0, 8);
        admin.post("/tenants", "{\"name\":\"" + other + "\"}");
        String theirs = "/tenants/" + other + "/containers/web";
        assertThat(List.of(
                        member.get(theirs + "/snapshots"),
                        member.post(theirs + "/snapshots", null),
                        member.post(theirs + "/snapshots/before/restore", null),
                        member.delete(theirs + "/snapshots/before"),
                        member.post(theirs + "/copy", named("blog")),
                        member.get(theirs + "/snapshot-schedules")))
                .extracting(Api.Answer::status)
                .containsOnly(404);
        done(member.post(containers, "{\"name\":\"second\",\"image\":\"debian/bookworm\"}"));
        assertThat(member.post(containers + "/second/snapshots/before/restore", null)
                        .status())
                .as("of another container")
                .isEqualTo(404);
    }
}
