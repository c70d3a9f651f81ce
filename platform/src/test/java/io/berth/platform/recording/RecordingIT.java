// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.recording;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Recordings as gateways bring them, who may see and delete them, and who has to be recorded. */
@ExtendWith(SharedPlatform.class)
class RecordingIT {
    private static final String ONE = "SHA256:" + "a".repeat(43);
    private static final String OTHER = "SHA256:" + "b".repeat(43);
    private static final String WHOLE = "\"how\":\"WHOLE\",\"endedAt\":\"2026-11-26T04:00:00Z\"";

    private final RunningPlatform platform;
    private final Api admin;
    private final Api gateway;
    private final String tenant = name();
    private final String path = "/tenants/" + tenant;

    RecordingIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
        this.gateway = Api.bearer(platform.address(), RunningPlatform.GATEWAY_TOKEN);
        assertThat(admin.post("/tenants", "{\"name\":\"" + tenant + "\"}").status())
                .isEqualTo(201);
    }

    private static String name() {
        return "t" + UUID.randomUUID().toString().substring(0, 8);
    }

    private Api.Answer bring(String who, UUID id, long offset, String text, String more) {
        return gateway.post(
                "/gateway/recordings",
                "{\"gateway\":\"" + who + "\",\"id\":\"" + id + "\",\"tenant\":\"" + tenant
                        + "\",\"container\":\"web\",\"guestUser\":\"root\",\"key\":\"SHA256:x\",\"source\":\"192.0.2.7\","
                        + "\"startedAt\":\"2026-11-26T03:00:00Z\",\"columns\":80,\"rows\":24,\"required\":" + required
                        + ",\"title\":\"top\",\"offset\":" + offset + ",\"bytes\":\""
                        + Base64.getEncoder().encodeToString(text.getBytes(UTF_8)) + "\""
                        + (more.isEmpty() ? "" : "," + more) + "}");
    }

    private boolean required;

    private UUID whole(String text) {
        UUID id = UuidCreator.getTimeOrderedEpoch();
        assertThat(bring(ONE, id, 0, text, WHOLE).status()).isEqualTo(200);
        return id;
    }

    @Test
    void partsMakeTheCastWhateverIsSentTwiceOrTooEarly() {
        UUID id = UuidCreator.getTimeOrderedEpoch();
        assertThat(bring(ONE, id, 0, "{\"version\":2}\n", "")
                        .json()
                        .path("size")
                        .asLong())
                .isEqualTo(14);
        assertThat(bring(ONE, id, 0, "{\"version\":2}\n", "")
                        .json()
                        .path("size")
                        .asLong())
                .isEqualTo(14);
        assertThat(bring(ONE, id, 99, "later", "").json().path("size").asLong()).isEqualTo(14);
        JsonNode going = admin.get(path + "/recordings/" + id).json();
        assertThat(going.path("how").isNull()).isTrue();
        assertThat(going.path("title").asString()).isEqualTo("top");
        String big = "[1.0, \"o\", \"" + "x".repeat(90_000) + "ä\"]\n";
        assertThat(bring(ONE, id, 14, big, "").status()).isEqualTo(200);
        long size = 14L + big.getBytes(UTF_8).length;
        assertThat(bring(ONE, id, size, "", WHOLE).json().path("size").asLong()).isEqualTo(size);
        Api.Answer cast = admin.get(path + "/recordings/" + id + "/cast");
        assertThat(cast.response().body()).isEqualTo("{\"version\":2}\n" + big);
        assertThat(cast.header("Content-Type")).isEqualTo("application/x-asciicast");
        assertThat(admin.get(path + "/recordings/" + id).text("how")).isEqualTo("WHOLE");
        assertThat(bring(ONE, id, size, "more", "").json().path("size").asLong())
                .isEqualTo(size);
        assertThat(admin.get(path + "/recording-policy")
                        .json()
                        .path("usedBytes")
                        .asLong())
                .isEqualTo(size);
    }

    @Test
    void anIdIsOneGatewaysAndOneTenants() {
        UUID id = whole("a\n");
        assertThat(bring(OTHER, id, 2, "b\n", "").status()).isEqualTo(409);
        assertThat(gateway.post("/gateway/recordings", "{}").status()).isEqualTo(422);
        assertThat(platform.anonymous().post("/gateway/recordings", "{}").status())
                .isEqualTo(401);
        assertThat(admin.post("/gateway/recordings", "{}").status()).isEqualTo(401);
        String other = name();
        admin.post("/tenants", "{\"name\":\"" + other + "\"}");
        assertThat(admin.get("/tenants/" + other + "/recordings/" + id).status())
                .isEqualTo(404);
        assertThat(admin.get("/tenants/" + other + "/recordings/" + id + "/cast")
                        .status())
                .isEqualTo(404);
        assertThat(admin.delete("/tenants/" + other + "/recordings/" + id).status())
                .isEqualTo(404);
    }

    @Test
    void theyAreListedByContainerInPages() {
        UUID first = whole("1\n");
        UUID second = whole("2\n");
        Api.Answer page = admin.get(path + "/recordings?limit=1&container=web");
        assertThat(page.json().path("items").path(0).path("id").asString()).isEqualTo(second.toString());
        assertThat(admin.get(path + "/recordings?limit=1&cursor=" + page.text("next"))
                        .json()
                        .path("items")
                        .path(0)
                        .path("id")
                        .asString())
                .isEqualTo(first.toString());
        assertThat(admin.get(path + "/recordings?container=db")
                        .json()
                        .path("items")
                        .isEmpty())
                .isTrue();
    }

    private Api member(String role) {
        String user = name();
        admin.post("/users", "{\"name\":\"" + user + "\",\"password\":\"a long enough password\"}");
        Api.Answer joined = admin.put(path + "/members/" + user, "{\"role\":\"" + role + "\"}");
        assertThat(joined.status()).as(joined.toString()).isBetween(200, 204);
        return Api.basic(platform.address(), user, "a long enough password");
    }

    @Test
    void onlyOwnersAndAdminsSeeAndDeleteThem() {
        UUID id = whole("secret\n");
        Api developer = member("MEMBER");
        assertThat(developer.get(path + "/recordings").status()).isEqualTo(403);
        assertThat(developer.get(path + "/recordings/" + id + "/cast").status()).isEqualTo(403);
        assertThat(developer.delete(path + "/recordings/" + id).status()).isEqualTo(403);
        assertThat(developer
                        .put(path + "/recording-policy", "{\"record\":false,\"input\":false}")
                        .status())
                .isEqualTo(403);
        assertThat(developer.get(path + "/recording-policy").status()).isEqualTo(200);
        Api owner = member("OWNER");
        assertThat(owner.get(path + "/recordings/" + id + "/cast").response().body())
                .isEqualTo("secret\n");
        assertThat(owner.put(path + "/recording-rule", rule(false, 30, 10)).status())
                .isEqualTo(403);
        assertThat(owner.delete(path + "/recording-rule").status()).isEqualTo(403);
        assertThat(owner.delete(path + "/recordings/" + id).status()).isEqualTo(204);
        assertThat(owner.get(path + "/recordings/" + id).status()).isEqualTo(404);
        assertThat(owner.get(path + "/recording-policy")
                        .json()
                        .path("usedBytes")
                        .asLong())
                .isZero();
    }

    private static String rule(boolean required, int days, long bytes) {
        return "{\"required\":" + required + ",\"input\":false,\"keepDays\":" + days + ",\"mostBytes\":" + bytes + "}";
    }

    @Test
    void whatTheOperatorRequiresIsKeptAndOneThatGoesOnToo() {
        assertThat(admin.put(path + "/recording-rule", rule(true, 400, 1000)).status())
                .isEqualTo(200);
        required = true;
        UUID id = whole("kept\n");
        Api owner = member("OWNER");
        assertThat(owner.delete(path + "/recordings/" + id).status()).isEqualTo(403);
        admin.delete(path + "/recording-rule");
        assertThat(owner.delete(path + "/recordings/" + id).status()).isEqualTo(204);
        UUID going = UuidCreator.getTimeOrderedEpoch();
        bring(ONE, going, 0, "on\n", "");
        assertThat(owner.delete(path + "/recordings/" + going).problem()).isEqualTo("conflict");
    }

    @Test
    void theLimitCountsEveryByteAndALoginHearsThatItIsReached() {
        admin.put(path + "/recording-policy", "{\"record\":true,\"input\":true,\"keepDays\":7}");
        admin.put(path + "/recording-rule", rule(false, 30, 10));
        JsonNode wish = admin.get(path + "/ssh-policy").json().path("recording");
        assertThat(wish.toString()).isEqualTo("{\"required\":false,\"input\":true,\"full\":false}");
        UUID id = UuidCreator.getTimeOrderedEpoch();
        bring(ONE, id, 0, "12345678\n", "");
        JsonNode more = bring(ONE, id, 9, "12345678\n", "").json();
        assertThat(more.path("full").asBoolean()).isTrue();
        assertThat(more.path("size").asLong()).isEqualTo(9);
        assertThat(bring(ONE, id, 9, "\n", "").json().path("full").asBoolean()).isFalse();
        assertThat(bring(ONE, id, 10, "", "\"how\":\"CUT\",\"endedAt\":\"2026-11-26T04:00:00Z\"")
                        .json()
                        .path("size")
                        .asLong())
                .isEqualTo(10);
        assertThat(admin.get(path + "/ssh-policy")
                        .json()
                        .path("recording")
                        .path("full")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void aRuleHoldsForTheTenantsBelowAndIsNotTheirsToLift() {
        String below = name();
        admin.put(path + "/recording-rule", rule(true, 400, 1000));
        admin.put(path + "/quota", "{\"hard\":{\"tenants\":1}}");
        Api.Answer made = admin.post("/tenants", "{\"name\":\"" + below + "\",\"parent\":\"" + tenant + "\"}");
        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        JsonNode policy = admin.put(
                        "/tenants/" + below + "/recording-policy", "{\"record\":false,\"input\":false,\"keepDays\":1}")
                .json();
        assertThat(policy.path("required").asBoolean()).isTrue();
        assertThat(policy.path("keepDays").asInt()).isEqualTo(400);
        assertThat(admin.get("/tenants/" + below + "/ssh-policy")
                        .json()
                        .path("recording")
                        .path("required")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void theyGoWhenTheirTimeIsOver() {
        admin.put(path + "/recording-policy", "{\"record\":true,\"input\":false,\"keepDays\":7}");
        UUID old = whole("old\n");
        UUID young = whole("young\n");
        JdbcClient jdbc = platform.bean(JdbcClient.class);
        jdbc.sql("update recordings set seen_at = now() - interval '8 days' where id = :id")
                .param("id", old)
                .update();
        platform.bean(Recordings.class).forgetOld();
        assertThat(admin.get(path + "/recordings/" + old).status()).isEqualTo(404);
        assertThat(admin.get(path + "/recordings/" + young).status()).isEqualTo(200);
        assertThat(admin.get(path + "/recording-policy")
                        .json()
                        .path("usedBytes")
                        .asLong())
                .isEqualTo(6);
    }

    @Test
    void aTerminalInABrowserIsRefusedWhereTerminalsMustBeRecorded() {
        admin.finished(
                admin.post(path + "/containers", "{\"name\":\"web\",\"image\":\"debian/bookworm\",\"start\":true}"));
        admin.put(path + "/recording-rule", rule(true, 30, 1000));
        Api.Answer refused = admin.post(path + "/containers/web/terminals", "{}");
        assertThat(refused.problem()).as(refused.toString()).isEqualTo("conflict");
        assertThat(refused.text("detail")).contains("log in by ssh");
    }
}
