// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static io.berth.core.ticket.Ticket.Grant.STANDBY;
import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.protocol.Request;
import io.berth.core.ticket.Ticket;
import io.berth.core.ticket.TicketVerifier;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@ExtendWith(SharedPlatform.class)
class LoginIT {
    private static final Logger LOG = LoggerFactory.getLogger(LoginIT.class);

    private final RunningPlatform platform;
    private final Api admin;
    private final Api gateway;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final String key = publicKey();

    LoginIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
        this.gateway = Api.bearer(platform.address(), RunningPlatform.GATEWAY_TOKEN);
        assertThat(admin.post("/tenants", "{\"name\":\"" + tenant + "\"}").status())
                .isEqualTo(201);
        assertThat(addKey(tenant, key).status()).isEqualTo(201);
    }

    @Test
    void aKnownKeyGetsATicketForItsContainer() throws Exception {
        String id = container();
        Api.Answer answer = login("web", key);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.text("decision")).isEqualTo("ALLOW");
        assertThat(answer.json().path("message").isNull()).isTrue();
        assertThat(answer.text("tenant")).isEqualTo(tenant);
        assertThat(answer.text("containerId")).isEqualTo(id);
        assertThat(answer.text("containerName")).isEqualTo("web");
        assertThat(answer.text("guestUser")).isEqualTo("root");
        assertThat(Instant.parse(answer.text("ticketExpiresAt")))
                .isBetween(Instant.now().plusSeconds(50), Instant.now().plusSeconds(61));

        Ticket ticket = verifier().verify(answer.text("ticket"));
        assertThat(ticket.container()).hasToString(id);
        assertThat(ticket.tenant()).hasToString(tenant);
        assertThat(ticket.user()).hasToString("root");
        assertThat(ticket.grants()).containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(EnumSet.of(STANDBY)));
        assertThat(ticket.subject()).startsWith("SHA256:");
        assertThat(admin.get("/tenants/" + tenant + "/ssh-keys")
                        .json()
                        .path("items")
                        .get(0)
                        .path("lastUsedAt")
                        .isNull())
                .isFalse();
    }

    @Test
    void aTicketForWhenThePlatformIsSilentComesAlongAndIsRenewedWithoutAUseOfTheKey() throws Exception {
        container();
        Api.Answer renewed = gateway.post(
                "/gateway/logins",
                "{\"userName\":\"web\",\"publicKey\":\"" + key
                        + "\",\"sourceAddress\":\"192.0.2.7\",\"renewal\":true}");
        Ticket standby = verifier().verify(renewed.text("standbyTicket"));
        assertThat(standby.grants()).containsExactlyInAnyOrder(Ticket.Grant.values());
        assertThat(standby.expiresAt()).isEqualTo(Instant.parse(renewed.text("standbyExpiresAt")));
        assertThat(standby.expiresAt())
                .isBetween(Instant.now().plusSeconds(3500), Instant.now().plusSeconds(3601));
        assertThat(verifier().verify(renewed.text("ticket")).container()).isEqualTo(standby.container());
        assertThat(admin.get("/tenants/" + tenant + "/ssh-keys")
                        .json()
                        .path("items")
                        .get(0)
                        .path("lastUsedAt")
                        .isNull())
                .isTrue();
    }

    @Test
    void userAndTenantMayBeNamed() {
        container();
        assertThat(login("www-data+web." + tenant, key).text("guestUser")).isEqualTo("www-data");
        assertThat(login("web." + tenant, key).text("decision")).isEqualTo("ALLOW");
        Api.Answer foreign = login("web.somebody-else", key);
        assertThat(foreign.text("decision")).isEqualTo("NO_SUCH_CONTAINER");
        assertThat(foreign.text("message")).contains(tenant).contains("ssh -i");
    }

    @Test
    void aContainerInQuarantineIsClosedAndItsTenantHearsWhy() {
        container();
        String web = "/tenants/" + tenant + "/containers/web";
        admin.finished(admin.post(web + "/quarantine", "{\"reason\":\"it sends spam\"}"));
        Api.Answer answer = login("web", key);
        assertThat(answer.text("decision")).isEqualTo("QUARANTINED");
        assertThat(answer.text("message")).contains("it sends spam", "contact the platform's operator");
        assertThat(answer.json().path("ticket").isNull()).isTrue();
        admin.finished(admin.post(web + "/release", null));
        assertThat(login("web", key).text("decision")).isEqualTo("ALLOW");
    }

    @Test
    void anUnknownKeyLearnsNothing() {
        container();
        String body = login("web", publicKey()).response().body();
        assertThat(body).contains("UNKNOWN_KEY").doesNotContain(tenant);
        assertThat(login("no-such", publicKey()).response().body()).isEqualTo(body);
        assertThat(login("../etc", publicKey()).response().body()).isEqualTo(body);
        assertThat(login("web", "no key at all").response().body()).isEqualTo(body);
    }

    @Test
    void aBadNameIsToldWithTheCureAndWithoutControlCharacters() {
        Api.Answer answer = login("We\\u001b[2Jb", key);
        assertThat(answer.text("decision")).isEqualTo("BAD_NAME");
        assertThat(answer.text("message")).contains("CONTAINER").doesNotContain("\u001b");
        assertThat(answer.json().path("ticket").isNull()).isTrue();
    }

    @Test
    void aMissingContainerIsToldWithThoseThatThereAre() {
        assertThat(login("web", key).text("message")).contains("make one");
        container();
        Api.Answer answer = login("db", key);
        assertThat(answer.text("decision")).isEqualTo("NO_SUCH_CONTAINER");
        assertThat(answer.text("message")).contains("'db'").contains("it has: web");
        admin.finished(admin.delete("/tenants/" + tenant + "/containers/web"));
        assertThat(login("web", key).text("decision")).isEqualTo("NO_SUCH_CONTAINER");
    }

    @Test
    void aContainerThatIsBeingMadeIsToldApart() {
        var held = platform.agent().hold(Request.Create.class);
        Api.Answer create =
                admin.post("/tenants/" + tenant + "/containers", "{\"name\":\"web\",\"image\":\"debian/bookworm\"}");
        assertThat(login("web", key).text("message")).contains("still being made");
        held.countDown();
        admin.finished(create);
        assertThat(login("web", key).text("decision")).isEqualTo("ALLOW");
    }

    @Test
    void aSuspendedTenantIsRefused() {
        container();
        admin.patch("/tenants/" + tenant, "{\"state\":\"SUSPENDED\"}");
        assertThat(login("web", key).text("decision")).isEqualTo("SUSPENDED");
        admin.patch("/tenants/" + tenant, "{\"state\":\"ACTIVE\"}");
        assertThat(login("web", key).text("decision")).isEqualTo("ALLOW");
    }

    @Test
    void aKeyIsOneTenantsOnlyAndIsForgottenWhenDeleted() {
        String other = "t" + UUID.randomUUID().toString().substring(0, 8);
        admin.post("/tenants", "{\"name\":\"" + other + "\"}");
        Api.Answer taken = addKey(other, key);
        assertThat(taken.status()).isEqualTo(409);
        assertThat(taken.problem()).isEqualTo("key-taken");
        assertThat(taken.text("detail")).doesNotContain(tenant);
        Api.Answer sameName = addKey(tenant, publicKey());
        assertThat(sameName.problem()).isEqualTo("name-taken");
        String id = admin.get("/tenants/" + tenant + "/ssh-keys")
                .json()
                .path("items")
                .get(0)
                .path("id")
                .asString();
        assertThat(admin.delete("/tenants/" + tenant + "/ssh-keys/" + id).status())
                .isEqualTo(204);
        assertThat(login("web", key).text("decision")).isEqualTo("UNKNOWN_KEY");
    }

    @Test
    void theGatewaysTokenOpensNothingElse() {
        assertThat(gateway.get("/tenants").status()).isEqualTo(401);
        assertThat(gateway.get("/gateway/logins").status()).isEqualTo(403);
        assertThat(gateway.post("/gateway/other", "{}").status()).isEqualTo(403);
        Api almost = Api.bearer(platform.address(), RunningPlatform.GATEWAY_TOKEN + "x");
        assertThat(almost.post("/gateway/logins", "{}").status()).isEqualTo(401);
    }

    @Test
    void decidingIsQuick() {
        container();
        long[] micros = new long[2000];
        for (int i = 0; i < 1000; i++) {
            login("web", key); // warms up
        }
        Duration cpuBefore = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        for (int i = 0; i < micros.length; i++) {
            long before = System.nanoTime();
            assertThat(login("web", key).status()).isEqualTo(200);
            micros[i] = (System.nanoTime() - before) / 1000;
        }
        Arrays.sort(micros);
        Duration cpu = ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElse(Duration.ZERO)
                .minus(cpuBefore);
        LOG.info(
                "login decision over HTTP, client included: p50={} us p99={} us cpu={} us",
                micros[1000],
                micros[1980],
                cpu.dividedBy(micros.length).toNanos() / 1000);
        assertThat(Duration.of(micros[1000], ChronoUnit.MICROS)).isLessThan(Duration.ofMillis(50));
    }

    private TicketVerifier verifier() throws Exception {
        String pem = Files.readString(platform.state().resolve("platform/ticket.pub"));
        byte[] der = Base64.getMimeDecoder()
                .decode(pem.replace("-----BEGIN PUBLIC KEY-----", "").replace("-----END PUBLIC KEY-----", ""));
        return new TicketVerifier(
                KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der)), Clock.systemUTC());
    }

    private Api.Answer login(String userName, String publicKey) {
        return gateway.post(
                "/gateway/logins",
                "{\"userName\":\"" + userName + "\",\"publicKey\":\"" + publicKey
                        + "\",\"sourceAddress\":\"192.0.2.7\"}");
    }

    private Api.Answer addKey(String tenant, String publicKey) {
        return admin.post(
                "/tenants/" + tenant + "/ssh-keys",
                "{\"name\":\"laptop\",\"publicKey\":\"" + publicKey + " me@laptop\"}");
    }

    private String container() {
        var operation = admin.finished(
                admin.post("/tenants/" + tenant + "/containers", "{\"name\":\"web\",\"image\":\"debian/bookworm\"}"));
        return operation.path("target").path("id").asString();
    }

    /** Any 32 bytes are a public key of Ed25519 as far as its form goes. */
    private static String publicKey() {
        byte[] type = "ssh-ed25519".getBytes(StandardCharsets.US_ASCII);
        byte[] point = new byte[32];
        new SecureRandom().nextBytes(point);
        ByteBuffer blob = ByteBuffer.allocate(4 + type.length + 4 + point.length)
                .putInt(type.length)
                .put(type)
                .putInt(point.length)
                .put(point);
        return "ssh-ed25519 " + Base64.getEncoder().encodeToString(blob.array());
    }
}
