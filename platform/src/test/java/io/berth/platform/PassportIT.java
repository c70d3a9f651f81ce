// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.core.protocol.PassportLine;
import io.berth.core.protocol.PassportLine.Verdict;
import io.berth.core.spec.ContainerId;
import io.berth.core.ticket.InvalidTicketException;
import io.berth.core.ticket.TicketVerifier;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Passports, their signature, and what becomes of drift. */
@ExtendWith(SharedPlatform.class)
class PassportIT {
    private static final PassportLine LINE =
            new PassportLine("cgroup.pids.max", "9999", "128", Verdict.DRIFT, "what one takes, no other lacks");

    private final RunningPlatform platform;
    private final Api admin;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final String web = "/tenants/" + tenant + "/containers/web";
    private ContainerId id = new ContainerId(UUID.randomUUID());

    PassportIT(RunningPlatform platform) {
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

    private Api member(String ofTenant) {
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        String password = "a long enough password";
        admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}");
        admin.put("/tenants/" + ofTenant + "/members/" + name, "{\"role\":\"MEMBER\"}");
        return Api.basic(platform.address(), name, password);
    }

    private String otherTenant() {
        String other = "t" + UUID.randomUUID().toString().substring(0, 8);
        admin.post("/tenants", "{\"name\":\"" + other + "\"}");
        return other;
    }

    @Test
    void aMemberReadsTheirContainersPassportAndNobodyElseDoes() {
        JsonNode passport = member(tenant).get(web + "/passport").json();
        assertThat(passport.path("id").asString()).isEqualTo(id.toString());
        assertThat(passport.path("tenant").asString()).isEqualTo(tenant);
        assertThat(passport.path("lines").get(0).path("verdict").asString()).isEqualTo("OK");
        Api stranger = member(otherTenant());
        for (String path : List.of("/passport", "/passport/export", "/drifts", "/snapshots")) {
            assertThat(stranger.get(web + path).status()).as(path).isEqualTo(404);
        }
        assertThat(stranger.get("/drifts").status()).isEqualTo(403);
        assertThat(platform.anonymous().get("/passport-key").status()).isEqualTo(401);
    }

    @Test
    void aStoppedContainerHasNone() {
        admin.finished(admin.post(web + "/stop", null));
        Api.Answer answer = admin.get(web + "/passport");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(409);
        assertThat(answer.text("detail")).contains("stopped");
    }

    @Test
    void anExportVerifiesWithThePublicKeyAndBreaksWithAnyByte() throws Exception {
        Api.Answer export = admin.get(web + "/passport/export");
        byte[] statement = Base64.getDecoder().decode(export.text("statement"));
        byte[] signature = Base64.getDecoder().decode(export.text("signature"));
        String pem = admin.get("/passport-key").response().body();
        assertThat(pem).isEqualTo(Files.readString(platform.state().resolve("platform/passport.pub")));
        assertThat(verifies(pem, statement, signature)).isTrue();
        JsonNode text = JsonMapper.shared().readTree(statement);
        assertThat(text.path("purpose").asString()).isEqualTo("berth-passport-v1");
        assertThat(text.path("passport").path("id").asString()).isEqualTo(id.toString());
        statement[statement.length / 2] ^= 1;
        assertThat(verifies(pem, statement, signature)).isFalse();
    }

    private static boolean verifies(String pem, byte[] statement, byte[] signature) throws Exception {
        Signature ed25519 = Signature.getInstance("Ed25519");
        ed25519.initVerify(key(pem));
        ed25519.update(statement);
        return ed25519.verify(signature);
    }

    private static PublicKey key(String pem) throws Exception {
        String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }

    /** Neither key's signature over a passport opens a container: domain separation. */
    @Test
    void aPassportIsNoTicket() throws Exception {
        Api.Answer export = admin.get(web + "/passport/export");
        Base64.Encoder url = Base64.getUrlEncoder().withoutPadding();
        byte[] statement = Base64.getDecoder().decode(export.text("statement"));
        String signature = url.encodeToString(Base64.getDecoder().decode(export.text("signature")));
        String header =
                url.encodeToString("{\"alg\":\"EdDSA\",\"typ\":\"berth-ticket\"}".getBytes(StandardCharsets.US_ASCII));
        for (String name : List.of("passport", "ticket")) {
            String pem = Files.readString(platform.state().resolve("platform/" + name + ".pub"));
            var verifier = new TicketVerifier(key(pem), Clock.systemUTC());
            assertThatThrownBy(() -> verifier.verify(header + "." + url.encodeToString(statement) + "." + signature))
                    .isInstanceOf(InvalidTicketException.class)
                    .hasMessageContaining("not signed");
        }
        assertThat(statement[0]).isEqualTo((byte) '{');
        assertThat(header).startsWith("ey");
        assertThat(Files.readString(platform.state().resolve("platform/passport.pub")))
                .isNotEqualTo(Files.readString(platform.state().resolve("platform/ticket.pub")));
    }

    @Test
    void driftIsListedWhileItIsSoAndStaysAsHistory() {
        platform.agent().drift(id, List.of(LINE));
        await().until(() -> items(admin, web + "/drifts?open=true").size() == 1);
        JsonNode open = items(admin, web + "/drifts?open=true").get(0);
        assertThat(open.path("item").asString()).isEqualTo("cgroup.pids.max");
        assertThat(open.path("found").asString()).isEqualTo("9999");
        assertThat(open.path("expected").asString()).isEqualTo("128");
        assertThat(open.path("container").asString()).isEqualTo("web");
        assertThat(open.path("endedAt").isNull()).isTrue();
        assertThat(items(admin, "/drifts?open=true").toString()).contains(id.toString());
        assertThat(items(member(tenant), web + "/drifts")).hasSize(1);

        platform.agent().drift(id, List.of());
        await().until(() -> items(admin, web + "/drifts?open=true").isEmpty());
        assertThat(items(admin, web + "/drifts").get(0).path("endedAt").isNull())
                .isFalse();

        platform.agent().drift(id, List.of(LINE));
        await().until(() -> items(admin, web + "/drifts").size() == 2);
        admin.finished(admin.delete(web));
        assertThat(items(admin, "/drifts?open=true").toString()).doesNotContain(id.toString());
    }

    private static JsonNode items(Api api, String path) {
        return api.get(path).json().path("items");
    }

    @Test
    void driftOfAContainerThatNobodyKnowsIsDropped() {
        ContainerId unknown = new ContainerId(UUID.randomUUID());
        platform.agent().drift(unknown, List.of(LINE));
        platform.agent().drift(id, List.of(LINE));
        await().until(() -> items(admin, web + "/drifts?open=true").size() == 1);
        assertThat(items(admin, "/drifts").toString()).doesNotContain(unknown.toString());
    }
}
