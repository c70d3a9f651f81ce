// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.MountPath;
import io.berth.core.spec.TenantName;
import io.berth.core.spec.VolumeId;
import io.berth.core.spec.VolumeMount;
import io.berth.core.spec.VolumeName;
import io.berth.core.spec.VolumeSpec;
import io.berth.platform.tenant.TenantDue;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

@ExtendWith(SharedPlatform.class)
class VolumeIT {
    private static final long GIB = 1L << 30;

    private final RunningPlatform platform;
    private final Api admin;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final String containers = "/tenants/" + tenant + "/containers";
    private final String volumes = "/tenants/" + tenant + "/volumes";
    private final String attached = containers + "/web/volumes/data";
    private Api member;
    private Api viewer;

    VolumeIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
        this.member = admin;
        this.viewer = admin;
    }

    @BeforeEach
    void makeContainer() {
        admin.post("/tenants", "{\"name\":\"" + tenant + "\"}");
        member = person("MEMBER");
        viewer = person("READ_ONLY");
        done(member.post(containers, "{\"name\":\"web\",\"image\":\"debian/bookworm\"}"));
    }

    @AfterEach
    void theNodeIsWillingAgainAndEverythingIsCounted() {
        List.of(
                        Request.ChangeVolumes.class,
                        Request.CreateVolume.class,
                        Request.ResizeVolume.class,
                        Request.DeleteVolume.class)
                .forEach(kind -> {
                    platform.agent().accept(kind);
                    platform.agent().stopHolding(kind);
                });
        assertThat(admin.get("/quota-drift").json().path("items").valueStream())
                .noneMatch(drift -> drift.path("kind").asString().equals("COUNT"));
    }

    private Api person(String role) {
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        String password = "a long enough password";
        admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}");
        admin.put("/tenants/" + tenant + "/members/" + name, "{\"role\":\"" + role + "\"}");
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

    private static String wished(String name, long bytes) {
        return "{\"name\":\"" + name + "\",\"diskBytes\":" + bytes + "}";
    }

    private static String at(String path, boolean readOnly) {
        return "{\"path\":\"" + path + "\",\"readOnly\":" + readOnly + "}";
    }

    private JsonNode volume() {
        return viewer.get(volumes + "/data").json();
    }

    private VolumeId id() {
        return VolumeId.of(volume().path("id").asString());
    }

    private ContainerId web() {
        return ContainerId.of(member.get(containers + "/web").text("id"));
    }

    private List<VolumeMount> given() {
        return platform.agent().status(web()).spec().volumes();
    }

    private long diskUsed() {
        return admin.get("/tenants/" + tenant + "/quota")
                .json()
                .path("resources")
                .valueStream()
                .filter(line -> line.path("resource").asString().equals("DISK_BYTES"))
                .findFirst()
                .orElseThrow()
                .path("used")
                .asLong();
    }

    private boolean wasAsked(Request request) {
        return platform.agent().requests().contains(request);
    }

    @Test
    void isMadeAttachedChangedDetachedAndDeleted() {
        long before = diskUsed();
        done(member.post(volumes, wished("data", GIB)));
        assertThat(volume().path("state").asString()).isEqualTo("READY");
        assertThat(diskUsed() - before).isEqualTo(GIB);
        VolumeId id = id();
        var spec = new VolumeSpec(new VolumeName("data"), new TenantName(tenant), GIB);
        assertThat(wasAsked(new Request.CreateVolume(id, spec))).isTrue();
        JsonNode usage =
                member.get("/tenants/" + tenant + "/volume-usage").json().path("items");
        assertThat(usage).hasSize(1);
        assertThat(usage.path(0).path("bytes").asLong()).isEqualTo(16_384);

        done(member.put(attached, at("/srv/data", false)));
        assertThat(given()).containsExactly(new VolumeMount(id, new MountPath("/srv/data"), false));
        JsonNode seen = member.get(containers + "/web").json().path("volumes").path(0);
        assertThat(seen.path("name").asString()).isEqualTo("data");
        assertThat(seen.path("path").asString()).isEqualTo("/srv/data");
        assertThat(volume().path("containers").path(0).path("name").asString()).isEqualTo("web");
        done(member.put(containers + "/web/volumes/" + id, at("/opt/data", true)));
        assertThat(given()).containsExactly(new VolumeMount(id, new MountPath("/opt/data"), true));
        assertThat(member.delete(volumes + "/data").status())
                .as("while it is attached")
                .isEqualTo(409);

        done(member.patch(volumes + "/data", "{\"diskBytes\":" + 2 * GIB + "}"));
        assertThat(wasAsked(new Request.ResizeVolume(id, 2 * GIB))).isTrue();
        assertThat(diskUsed() - before).isEqualTo(2 * GIB);
        done(member.delete(attached));
        assertThat(given()).isEmpty();
        assertThat(member.delete(attached).status()).as("again").isEqualTo(404);
        done(member.delete(volumes + "/data"));
        assertThat(wasAsked(new Request.DeleteVolume(id))).isTrue();
        assertThat(member.get(volumes + "/data").status()).isEqualTo(404);
        assertThat(diskUsed()).isEqualTo(before);
    }

    @Test
    void outlivesItsContainer() {
        done(member.post(volumes, wished("data", GIB)));
        done(member.put(attached, at("/srv/data", false)));
        done(member.delete(containers + "/web"));
        assertThat(volume().path("containers")).isEmpty();
        assertThat(volume().path("state").asString()).isEqualTo("READY");
        done(member.delete(volumes + "/data"));
    }

    @Test
    void whatTheNodeRefusesIsTakenBack() {
        done(member.post(volumes, wished("data", GIB)));
        done(member.put(attached, at("/srv/data", true)));
        long used = diskUsed();
        platform.agent().refuse(Request.ChangeVolumes.class, Refusal.CONFLICT, "a link is in the way");
        failed(member.put(attached, at("/opt/data", false)));
        platform.agent().refuse(Request.ChangeVolumes.class, Refusal.CONFLICT, "something is mounted over it");
        failed(member.delete(attached));
        JsonNode seen = member.get(containers + "/web").json();
        assertThat(seen.path("volumes").path(0).path("path").asString()).isEqualTo("/srv/data");
        assertThat(seen.path("volumes").path(0).path("readOnly").asBoolean()).isTrue();
        assertThat(seen.path("lastError").asString()).contains("mounted over it");
        platform.agent().refuse(Request.CreateVolume.class, Refusal.EXHAUSTED, "the pool is full");
        failed(member.post(volumes, wished("more", GIB)));
        assertThat(member.get(volumes + "/more").status()).isEqualTo(404);
        assertThat(diskUsed()).isEqualTo(used);
    }

    @Test
    void aFailureTakesBackNothingThatWasWishedForSince() {
        done(member.post(volumes, wished("data", GIB)));
        var first = platform.agent().hold(Request.ChangeVolumes.class);
        platform.agent().refuse(Request.ChangeVolumes.class, Refusal.CONFLICT, "a link is in the way");
        Api.Answer refused = member.put(attached, at("/srv/data", false));
        await().until(() ->
                admin.get("/operations/" + refused.text("id")).text("state").equals("RUNNING"));
        Api.Answer next = member.put(attached, at("/opt/data", true));
        var second = platform.agent().hold(Request.ChangeVolumes.class);
        first.countDown();
        failed(refused);
        platform.agent().accept(Request.ChangeVolumes.class);
        second.countDown();
        assertThat(admin.finished(next).path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(given()).containsExactly(new VolumeMount(id(), new MountPath("/opt/data"), true));
        assertThat(volume().path("containers").path(0).path("path").asString()).isEqualTo("/opt/data");
    }

    /** Else a shrink that the node is going to refuse would make room for another volume meanwhile. */
    @Test
    void whatIsGivenBackCountsUntilTheNodeHasTakenIt() {
        done(member.post(volumes, wished("data", GIB)));
        long used = diskUsed();
        var hold = platform.agent().hold(Request.ResizeVolume.class);
        platform.agent().refuse(Request.ResizeVolume.class, Refusal.CONFLICT, "it takes more; delete files");
        Api.Answer shrink = member.patch(volumes + "/data", "{\"diskBytes\":" + (64L << 20) + "}");
        assertThat(diskUsed()).isEqualTo(used);
        hold.countDown();
        failed(shrink);
        assertThat(volume().path("diskBytes").asLong()).isEqualTo(GIB);
        assertThat(volume().path("lastError").asString()).contains("delete files");
        platform.agent().stopHolding(Request.ResizeVolume.class);
        platform.agent().accept(Request.ResizeVolume.class);
        done(member.patch(volumes + "/data", "{\"diskBytes\":" + (64L << 20) + "}"));
        assertThat(diskUsed()).isEqualTo(used - GIB + (64L << 20));
    }

    @Test
    void itsSizeIsOfTheTenantsDiskFromThenOn() {
        long used = diskUsed();
        admin.put("/tenants/" + tenant + "/quota", "{\"hard\":{\"diskBytes\":" + (used + GIB) + "}}");
        Api.Answer tooMuch = member.post(volumes, wished("data", GIB + (1 << 20)));
        assertThat(tooMuch.problem()).as(tooMuch.toString()).isEqualTo("quota-exceeded");
        assertThat(tooMuch.text("field")).isEqualTo("diskBytes");
        assertThat(tooMuch.json().path("shortage").path("fits").asLong()).isEqualTo(GIB);
        Api once = member.with("Idempotency-Key", UUID.randomUUID().toString());
        Api.Answer accepted = once.post(volumes, wished("data", GIB));
        assertThat(once.post(volumes, wished("data", GIB)).text("id")).isEqualTo(accepted.text("id"));
        assertThat(diskUsed()).isEqualTo(used + GIB);
        done(accepted);
        assertThat(member.post(volumes, wished("more", GIB)).problem()).isEqualTo("quota-exceeded");
        assertThat(member.patch(volumes + "/data", "{\"diskBytes\":" + 2 * GIB + "}")
                        .problem())
                .isEqualTo("quota-exceeded");
        assertThat(volume().path("diskBytes").asLong()).isEqualTo(GIB);
        assertThat(openSpans()).containsExactly(GIB);
        done(member.delete(volumes + "/data"));
        assertThat(openSpans()).as("what is reserved and paid for").isEmpty();
        assertThat(diskUsed()).isEqualTo(used);
    }

    private List<Long> openSpans() {
        return platform.bean(JdbcClient.class)
                .sql("select disk_bytes from volume_spans where tenant_id = :tenant and until is null")
                .param("tenant", tenantId())
                .query((row, number) -> row.getLong("disk_bytes"))
                .list();
    }

    private UUID tenantId() {
        return UUID.fromString(admin.get("/tenants/" + tenant).text("id"));
    }

    /** As after a crash of either between a change and its answer, or when the node's root has changed something. */
    @Test
    void whatTheNodeHasCountsOnceNothingIsUnderWay() {
        done(member.post(volumes, wished("data", GIB)));
        done(member.put(attached, at("/srv/data", false)));
        platform.agent().container(new Request.ChangeVolumes(web(), List.of()));
        await().untilAsserted(
                        () -> assertThat(member.get(containers + "/web").json().path("volumes"))
                                .isEmpty());
        platform.agent()
                .container(new Request.ChangeVolumes(
                        web(), List.of(new VolumeMount(id(), new MountPath("/opt/data"), true))));
        await().untilAsserted(() -> assertThat(
                        volume().path("containers").path(0).path("path").asString())
                .isEqualTo("/opt/data"));
        platform.agent().volume(new Request.ResizeVolume(id(), 3 * GIB));
        reconnect();
        await().untilAsserted(
                        () -> assertThat(volume().path("diskBytes").asLong()).isEqualTo(3 * GIB));
        platform.agent().done(new Request.DeleteVolume(id()));
        reconnect();
        await().untilAsserted(
                        () -> assertThat(volume().path("lastError").asString()).contains("does not have it"));
    }

    private void reconnect() {
        platform.agent().setSilent(true);
        platform.agent().setSilent(false);
    }

    @Test
    void whatCouldNotBeClearedAwayIsDeletedLater() {
        platform.agent().refuse(Request.CreateVolume.class, Refusal.EXHAUSTED, "the pool is full");
        platform.agent().refuse(Request.DeleteVolume.class, Refusal.TOO_MANY, "later");
        failed(member.post(volumes, wished("data", GIB)));
        assertThat(volume().path("state").asString()).isEqualTo("DELETING");
        platform.agent().accept(Request.DeleteVolume.class);
        await().untilAsserted(
                        () -> assertThat(member.get(volumes + "/data").status()).isEqualTo(404));
    }

    @Test
    void goesWithItsTenant() {
        done(member.post(volumes, wished("data", GIB)));
        VolumeId id = id();
        UUID due = tenantId();
        platform.bean(TransactionTemplate.class)
                .executeWithoutResult(status -> platform.context().publishEvent(new TenantDue(due)));
        await().untilAsserted(
                        () -> assertThat(wasAsked(new Request.DeleteVolume(id))).isTrue());
        await().untilAsserted(
                        () -> assertThat(admin.get(volumes + "/data").status()).isEqualTo(404));
    }

    @Test
    void nobodyGetsMoreThanTheirsOrWhatCannotBe() {
        done(member.post(volumes, wished("data", GIB)));
        done(member.post(volumes, wished("other", GIB)));
        done(member.put(attached, at("/srv/data", false)));
        assertThat(member.post(volumes, wished("data", GIB)).problem()).isEqualTo("name-taken");
        assertThat(member.post(volumes, wished("small", 1)).text("field")).isEqualTo("diskBytes");
        assertThat(member.post(volumes, wished("../etc", GIB)).text("field")).isEqualTo("name");
        String other = containers + "/web/volumes/other";
        for (String path : List.of("/srv/data/below", "/srv", "/srv/data", "/proc/x", "/srv/../etc", "srv", "/")) {
            Api.Answer refused = member.put(other, at(path, false));
            assertThat(refused.status()).as(path).isEqualTo(422);
            assertThat(refused.text("field")).as(path).isEqualTo("path");
        }
        assertThat(viewer.put(other, at("/opt", false)).status()).isEqualTo(403);
        assertThat(viewer.post(volumes, wished("theirs", GIB)).status()).isEqualTo(403);
        assertThat(viewer.delete(volumes + "/other").status()).isEqualTo(403);
        Api stale = member.with("If-Match", "\"0\"");
        assertThat(stale.delete(volumes + "/other").status()).isEqualTo(412);
        assertThat(given()).hasSize(1);
    }

    @Test
    void listsComeInPages() {
        for (String name : List.of("alpha", "beta", "gamma")) {
            done(member.post(volumes, wished(name, 64L << 20)));
        }
        JsonNode page = viewer.get(volumes + "?limit=2").json();
        assertThat(page.path("items")).hasSize(2);
        JsonNode rest = viewer.get(
                        volumes + "?limit=2&cursor=" + page.path("next").asString())
                .json();
        assertThat(rest.path("items").path(0).path("name").asString()).isEqualTo("gamma");
        assertThat(rest.path("next").isNull()).isTrue();
    }

    @Test
    void anothersVolumeIsNotThere() {
        String others = "t" + UUID.randomUUID().toString().substring(0, 8);
        admin.post("/tenants", "{\"name\":\"" + others + "\"}");
        done(admin.post("/tenants/" + others + "/volumes", wished("data", GIB)));
        String theirs = admin.get("/tenants/" + others + "/volumes/data").text("id");
        assertThat(member.get("/tenants/" + others + "/volumes/data").status()).isEqualTo(404);
        assertThat(member.get(volumes + "/" + theirs).status()).isEqualTo(404);
        assertThat(member.put(containers + "/web/volumes/" + theirs, at("/srv/data", false))
                        .status())
                .isEqualTo(404);
    }
}
