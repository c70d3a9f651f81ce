// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.ContainerState;
import io.berth.core.spec.Limits;
import io.berth.core.spec.NetworkMode;
import io.berth.core.spec.TenantName;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.RecordingAgent;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(SharedPlatform.class)
class ContainerLifeIT {
    private final RecordingAgent agent;
    private final Api admin;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final String containers = "/tenants/" + tenant + "/containers";

    ContainerLifeIT(RunningPlatform platform) {
        this.agent = platform.agent();
        this.admin = platform.adminToken();
    }

    @BeforeEach
    void makeTenant() {
        assertThat(admin.post("/tenants", "{\"name\":\"" + tenant + "\"}").status())
                .isEqualTo(201);
    }

    @AfterEach
    void acceptEverything() {
        List.of(Request.Create.class, Request.Start.class, Request.Delete.class, Request.Resize.class)
                .forEach(agent::accept);
    }

    @Test
    void createIsAcceptedDoneAndObserved() {
        Api.Answer accepted = admin.post(containers, """
                {"name":"web","image":"debian/bookworm","limits":{"memoryBytes":268435456},"network":"NONE"}""");
        assertThat(accepted.status()).as(accepted.toString()).isEqualTo(202);
        JsonNode operation = admin.finished(accepted);
        assertThat(operation.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(operation.path("kind").asString()).isEqualTo("CONTAINER_CREATE");

        Api.Answer web = admin.get(containers + "/web");
        assertThat(web.text("desiredState")).isEqualTo("RUNNING");
        assertThat(web.text("state")).isEqualTo("RUNNING");
        assertThat(web.json().path("addresses").get(0).asString()).isEqualTo("10.181.0.7");
        assertThat(admin.get(containers + "/" + web.text("id")).text("name")).isEqualTo("web");

        ContainerId id = ContainerId.of(web.text("id"));
        ContainerSpec spec = new ContainerSpec(
                new ContainerName("web"),
                new TenantName(tenant),
                RecordingAgent.BOOKWORM,
                new Limits(268_435_456, Limits.DEFAULT.milliCpus(), Limits.DEFAULT.pids()),
                NetworkMode.NONE);
        assertThat(requests(id)).containsExactly(new Request.Create(id, spec), new Request.Start(id));
    }

    @Test
    void startFalseMakesItAndLeavesItStopped() {
        Api.Answer web = created("{\"name\":\"web\",\"image\":\"debian/bookworm\",\"start\":false}");
        assertThat(web.text("state")).isEqualTo("STOPPED");
        assertThat(web.text("desiredState")).isEqualTo("STOPPED");
    }

    @Test
    void verbsReachTheNodeInOrder() {
        ContainerId id = ContainerId.of(created().text("id"));
        assertThat(verb("/web/freeze")).isEqualTo("SUCCEEDED");
        assertThat(admin.get(containers + "/web").text("state")).isEqualTo("FROZEN");
        assertThat(verb("/web/thaw")).isEqualTo("SUCCEEDED");
        Api.Answer stop = admin.post(containers + "/web/stop", "{\"graceSeconds\":3}");
        assertThat(admin.finished(stop).path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(admin.get(containers + "/web").text("desiredState")).isEqualTo("STOPPED");
        assertThat(verb("/web/start")).isEqualTo("SUCCEEDED");
        assertThat(verb("/web/restart")).isEqualTo("SUCCEEDED");
        assertThat(requests(id).subList(2, 7))
                .containsExactly(
                        new Request.Freeze(id),
                        new Request.Thaw(id),
                        new Request.Stop(id, 3),
                        new Request.Start(id),
                        new Request.Restart(id, 30));
    }

    @Test
    void limitsArePatchedAndThoseLeftOutStay() {
        ContainerId id = ContainerId.of(created().text("id"));
        Api.Answer patched = admin.patch(containers + "/web", "{\"limits\":{\"pids\":512}}");
        assertThat(admin.finished(patched).path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(requests(id).getLast())
                .isEqualTo(new Request.Resize(
                        id, new Limits(Limits.DEFAULT.memoryBytes(), Limits.DEFAULT.milliCpus(), 512)));
    }

    @Test
    void aRefusedResizeGoesBackToWhatTheNodeHas() {
        created();
        agent.refuse(Request.Resize.class, Refusal.EXHAUSTED, "the node is full; ask for less");
        JsonNode operation = admin.finished(admin.patch(containers + "/web", "{\"limits\":{\"pids\":512}}"));
        assertThat(operation.path("state").asString()).isEqualTo("FAILED");
        Api.Answer web = admin.get(containers + "/web");
        assertThat(web.json().path("limits").path("pids").asInt()).isEqualTo(Limits.DEFAULT.pids());
        assertThat(web.text("lastError")).isEqualTo("the node is full; ask for less");
    }

    @Test
    void deleteReleasesTheName() {
        ContainerId id = ContainerId.of(created().text("id"));
        assertThat(admin.finished(admin.delete(containers + "/web"))
                        .path("state")
                        .asString())
                .isEqualTo("SUCCEEDED");
        assertThat(admin.get(containers + "/web").status()).isEqualTo(404);
        assertThat(agent.containers()).doesNotContainKey(id);
        assertThat(created().text("state")).isEqualTo("RUNNING");
    }

    @Test
    void deleteOvertakesWhatHasNotBegun() {
        created();
        var held = agent.hold(Request.Freeze.class);
        Api.Answer freeze = admin.post(containers + "/web/freeze", null);
        await().until(() ->
                admin.get("/operations/" + freeze.text("id")).text("state").equals("RUNNING"));
        Api.Answer thaw = admin.post(containers + "/web/thaw", null);
        Api.Answer delete = admin.delete(containers + "/web");
        assertThat(admin.delete(containers + "/web").text("id")).isEqualTo(delete.text("id"));
        assertThat(admin.post(containers + "/web/start", null).status()).isEqualTo(409);
        held.countDown();
        assertThat(admin.finished(freeze).path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(admin.finished(thaw).path("state").asString()).isEqualTo("CANCELLED");
        assertThat(admin.finished(delete).path("state").asString()).isEqualTo("SUCCEEDED");
    }

    @Test
    void aTakenNameIsAConflict() {
        created();
        Api.Answer again = admin.post(containers, "{\"name\":\"web\",\"image\":\"debian/bookworm\"}");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.problem()).isEqualTo("name-taken");
        assertThat(again.text("field")).isEqualTo("name");
    }

    @Test
    void aCreateThatFailsForGoodLeavesNothing() {
        agent.refuse(Request.Start.class, Refusal.UNSUPPORTED, "the kernel lacks idmapped mounts; boot 5.12 or newer");
        JsonNode operation = admin.finished(admin.post(containers, "{\"name\":\"web\",\"image\":\"debian/bookworm\"}"));
        assertThat(operation.path("state").asString()).isEqualTo("FAILED");
        assertThat(operation.path("error").path("type").asString()).isEqualTo("urn:berth:problem:node-unsupported");
        assertThat(operation.path("error").path("detail").asString()).contains("idmapped mounts");
        ContainerId id = ContainerId.of(operation.path("target").path("id").asString());
        assertThat(requests(id).getLast()).isEqualTo(new Request.Delete(id));
        assertThat(agent.containers()).doesNotContainKey(id);
        assertThat(admin.get(containers + "/web").status()).isEqualTo(404);
        agent.accept(Request.Start.class);
        assertThat(created().text("state")).isEqualTo("RUNNING");
    }

    @Test
    void whatCannotBeClearedAwayAtOnceIsClearedAwayLater() {
        agent.refuse(Request.Start.class, Refusal.EXHAUSTED, "no uids left; delete a container");
        agent.refuse(Request.Delete.class, Refusal.TOO_MANY, "asked too often; wait");
        JsonNode operation = admin.finished(admin.post(containers, "{\"name\":\"web\",\"image\":\"debian/bookworm\"}"));
        assertThat(operation.path("state").asString()).isEqualTo("FAILED");
        assertThat(admin.get(containers + "/web").text("desiredState")).isEqualTo("DELETED");
        agent.accept(Request.Delete.class);
        await().until(() -> admin.get(containers + "/web").status() == 404);
        assertThat(agent.containers())
                .doesNotContainKey(
                        ContainerId.of(operation.path("target").path("id").asString()));
    }

    @Test
    void aPoweroffInsideIsMeant() {
        ContainerStatus running = agent.status(ContainerId.of(created().text("id")));
        agent.report(status(running, ContainerState.STOPPED, false, running.uidBase()));
        await().until(() -> admin.get(containers + "/web").text("state").equals("STOPPED"));
        assertThat(admin.get(containers + "/web").text("desiredState")).isEqualTo("STOPPED");
    }

    @Test
    void aContainerThatTheNodeLostIsMissing() {
        agent.lose(ContainerId.of(created().text("id")));
        await().until(() -> admin.get(containers + "/web").text("state").equals("MISSING"));
        assertThat(admin.get(containers + "/web").text("desiredState")).isEqualTo("RUNNING");
    }

    @Test
    void anUnknownContainerIsReportedAndLeftAlone() {
        ContainerStatus known = agent.status(ContainerId.of(created().text("id")));
        ContainerId stray = new ContainerId(UUID.randomUUID());
        agent.report(new ContainerStatus(
                stray, known.spec(), ContainerState.RUNNING, true, 131_072, null, null, List.of(), null, null, null));
        await().until(() -> admin.get("/nodes").response().body().contains(stray.toString()));
        assertThat(requests(stray)).isEmpty();
        agent.lose(stray);
        await().until(() -> !admin.get("/nodes").response().body().contains(stray.toString()));
    }

    @Test
    void twoContainersNeverShareUids() {
        created();
        agent.forgetUids();
        Api.Answer second = admin.post(containers, "{\"name\":\"db\",\"image\":\"debian/bookworm\"}");
        JsonNode operation = admin.finished(second);
        // The broken ledger hands out a range that an earlier container of this run has
        assertThat(operation.path("state").asString()).isEqualTo("FAILED");
        assertThat(operation.path("error").path("detail").asString()).contains("uids");
        assertThat(admin.get(containers + "/db").status()).isEqualTo(404);
        agent.skipUids();
    }

    @Test
    void anAgentThatRestartsIsAwaited() {
        created();
        agent.setSilent(true);
        await().until(() -> admin.get("/nodes").response().body().contains("\"DOWN\""));
        Api.Answer stop = admin.post(containers + "/web/stop", null);
        assertThat(stop.status()).isEqualTo(202);
        assertThat(admin.get(containers + "/web/console").status()).isEqualTo(502);
        agent.setSilent(false);
        assertThat(admin.finished(stop).path("state").asString()).isEqualTo("SUCCEEDED");
        await().until(() -> admin.get("/nodes").response().body().contains("\"UP\""));
    }

    @Test
    void consoleIsText() {
        created();
        Api.Answer console = admin.get(containers + "/web/console");
        assertThat(console.header("Content-Type")).startsWith("text/plain");
        assertThat(console.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(console.response().body()).isEqualTo("Welcome to Debian\n");
    }

    @Test
    void aChangedContainerFailsThePrecondition() {
        String etag = created().header("ETag");
        assertThat(admin.with("If-Match", etag)
                        .patch(containers + "/web", "{\"limits\":{\"pids\":300}}")
                        .status())
                .isEqualTo(202);
        Api.Answer late = admin.with("If-Match", etag).delete(containers + "/web");
        assertThat(late.status()).isEqualTo(412);
        assertThat(late.problem()).isEqualTo("precondition-failed");
    }

    @Test
    void anIdempotencyKeyMakesOneContainer() {
        Api once = admin.with("Idempotency-Key", UUID.randomUUID().toString());
        String body = "{\"name\":\"web\",\"image\":\"debian/bookworm\"}";
        Api.Answer first = once.post(containers, body);
        Api.Answer second = once.post(containers, body);
        assertThat(second.status()).isEqualTo(202);
        assertThat(second.text("id")).isEqualTo(first.text("id"));
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
        Api.Answer other = once.post(containers, body.replace("web", "db"));
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.problem()).isEqualTo("idempotency-key-reused");
        assertThat(admin.finished(first).path("state").asString()).isEqualTo("SUCCEEDED");
    }

    @Test
    void listsComeInPages() {
        created("{\"name\":\"a\",\"image\":\"debian/bookworm\",\"start\":false}");
        created("{\"name\":\"b\",\"image\":\"debian/bookworm\",\"start\":false}");
        created("{\"name\":\"c\",\"image\":\"debian/bookworm\",\"start\":false}");
        Api.Answer first = admin.get(containers + "?limit=2");
        assertThat(first.json().path("items").size()).isEqualTo(2);
        Api.Answer rest = admin.get(containers + "?limit=2&cursor=" + first.text("next"));
        assertThat(rest.json().path("items").get(0).path("name").asString()).isEqualTo("c");
        assertThat(rest.json().path("next").isNull()).isTrue();
        assertThat(admin.get("/operations?tenant=" + tenant)
                        .json()
                        .path("items")
                        .size())
                .isEqualTo(3);
    }

    @Test
    void aTenantGoesOnlyWhenItsContainersHaveGone() {
        created();
        assertThat(admin.delete("/tenants/" + tenant).status()).isEqualTo(409);
        admin.finished(admin.delete(containers + "/web"));
        assertThat(admin.delete("/tenants/" + tenant).status()).isEqualTo(204);
        assertThat(admin.get("/tenants/" + tenant).status()).isEqualTo(404);
    }

    @Test
    void anImageIsBuiltWithItsProgress() {
        var held = agent.hold(Request.BuildImage.class);
        Api.Answer first = admin.post("/images", "{\"alias\":\"debian/trixie\"}");
        Api.Answer second = admin.post("/images", "{\"alias\":\"debian/trixie\"}");
        assertThat(second.text("id")).isEqualTo(first.text("id"));
        await().until(() ->
                admin.get("/operations/" + first.text("id")).text("progress").contains("retrieving"));
        held.countDown();
        JsonNode operation = admin.finished(first);
        assertThat(operation.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(operation.path("log").asString()).isEqualTo("retrieving base-files\nunpacking base-files\n");
        assertThat(admin.get("/images").response().body()).contains("debian/trixie");
    }

    private List<Request> requests(ContainerId id) {
        return agent.requests().stream()
                .filter(request -> request.toString().contains(id.toString()))
                .toList();
    }

    private Api.Answer created() {
        return created("{\"name\":\"web\",\"image\":\"debian/bookworm\"}");
    }

    private Api.Answer created(String json) {
        JsonNode operation = admin.finished(admin.post(containers, json));
        assertThat(operation.path("state").asString()).as(operation.toString()).isEqualTo("SUCCEEDED");
        return admin.get(containers + "/" + operation.path("target").path("id").asString());
    }

    private String verb(String path) {
        return admin.finished(admin.post(containers + path, null)).path("state").asString();
    }

    private static ContainerStatus status(ContainerStatus was, ContainerState state, boolean shouldRun, long uidBase) {
        return new ContainerStatus(
                was.id(), was.spec(), state, shouldRun, uidBase, null, null, List.of(), "exit 0", null, null);
    }
}
