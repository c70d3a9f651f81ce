// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.platform.testing.Api;
import io.berth.platform.testing.PostgresServer;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;

@ExtendWith(SharedPlatform.class)
class SignInIT {
    private static final String PASSWORD = "a long enough password";

    private final RunningPlatform platform;
    private final Api admin;
    private final JdbcClient jdbc;
    private final String name = "u" + UUID.randomUUID().toString().substring(0, 8);

    SignInIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
        this.jdbc = platform.bean(JdbcClient.class);
    }

    @AfterEach
    void forgetFailures() {
        jdbc.sql("delete from sign_in_failures").update();
    }

    @Test
    void adminComesFromTheFileWhichIsGone() {
        assertThat(platform.admin().get("/session").json().path("operator").asBoolean())
                .isTrue();
        assertThat(Files.exists(platform.state().resolve("platform/admin.password")))
                .isFalse();
    }

    @Test
    void passwordsAreArgon2id() {
        assertThat(jdbc.sql("select password from users where name = 'admin'")
                        .query(String.class)
                        .single())
                .startsWith("{argon2}$argon2id$v=19$m=19456,t=2,p=1$");
    }

    @Test
    void aWrongPasswordAndAnUnknownNameAreToldTheSame() {
        Api.Answer wrong =
                Api.basic(platform.address(), "admin", "wrong password").get("/session");
        Api.Answer unknown =
                Api.basic(platform.address(), "nobody", "wrong password").get("/session");
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(unknown.response().body()).isEqualTo(wrong.response().body());
        assertThat(wrong.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"berth\"");
    }

    @Test
    void failuresThrottleTheAccountAndARightPasswordDoesNotHelpMeanwhile() {
        makeUser();
        Api wrong = Api.basic(platform.address(), name, "wrong password");
        for (int i = 0; i < 5; i++) {
            assertThat(wrong.get("/session").status()).isEqualTo(401);
        }
        Api.Answer right = Api.basic(platform.address(), name, PASSWORD).get("/session");
        assertThat(right.status()).isEqualTo(429);
        assertThat(right.header("Retry-After")).isNotEmpty();
        jdbc.sql("update sign_in_failures set blocked_until = now() - interval '1 second'")
                .update();
        assertThat(Api.basic(platform.address(), name, PASSWORD).get("/session").status())
                .isEqualTo(200);
    }

    @Test
    void tokensAreShownOnceAndKeptAsHashes() {
        Api person = makeUser();
        Api.Answer made = person.post("/tokens", "{\"name\":\"ci\",\"scopes\":[\"READ\"]}");
        assertThat(made.status()).isEqualTo(201);
        String secret = made.text("token");
        assertThat(secret).startsWith("berth_").hasSize(49);
        assertThat(made.text("prefix")).isEqualTo(secret.substring(0, 12));
        Api token = Api.bearer(platform.address(), secret);
        assertThat(token.get("/session").text("name")).isEqualTo(name);
        assertThat(person.get("/tokens").response().body())
                .doesNotContain(secret)
                .contains("lastUsedAt");
        assertThat(jdbc.sql(
                                "select count(*) from api_tokens where name || prefix || encode(hash, 'escape') like '%' || :it || '%'")
                        .param("it", secret)
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(person.get("/tokens")
                        .json()
                        .path("items")
                        .get(0)
                        .path("lastUsedAt")
                        .isNull())
                .isFalse();
        assertThat(person.delete("/tokens/" + made.text("id")).status()).isEqualTo(204);
        assertThat(token.get("/session").status()).isEqualTo(401);
    }

    @Test
    void scopesAreKeptTo() {
        Api person = makeUser();
        String read =
                person.post("/tokens", "{\"name\":\"r\",\"scopes\":[\"READ\"]}").text("token");
        Api reader = Api.bearer(platform.address(), read);
        assertThat(reader.get("/tenants").status()).isEqualTo(200);
        assertThat(reader.post("/tenants/x/ssh-keys", "{}").status()).isEqualTo(403);
        assertThat(reader.post("/tokens", "{\"name\":\"more\",\"scopes\":[\"WRITE\"]}")
                        .status())
                .isEqualTo(403);
        String write = platform.admin()
                .post("/tokens", "{\"name\":\"w\",\"scopes\":[\"WRITE\"]}")
                .text("token");
        Api.Answer made = Api.bearer(platform.address(), write).post("/tenants", "{\"name\":\"nope\"}");
        assertThat(made.status()).isEqualTo(403);
        assertThat(made.text("detail")).contains("ADMIN");
    }

    @Test
    void anExpiredTokenIsNoCredential() {
        Api person = makeUser();
        Api.Answer late = person.post(
                "/tokens", "{\"name\":\"late\",\"scopes\":[\"READ\"],\"expiresAt\":\"2020-01-01T00:00:00Z\"}");
        assertThat(late.status()).isEqualTo(422);
        assertThat(late.text("field")).isEqualTo("expiresAt");
        String secret = person.post("/tokens", "{\"name\":\"soon\",\"scopes\":[\"READ\"]}")
                .text("token");
        jdbc.sql("update api_tokens set expires_at = now() where prefix = :prefix")
                .param("prefix", secret.substring(0, 12))
                .update();
        assertThat(Api.bearer(platform.address(), secret).get("/session").status())
                .isEqualTo(401);
    }

    @Test
    void aReplayedTokenHasNoSecret() {
        Api person = makeUser().with("Idempotency-Key", "k");
        String body = "{\"name\":\"ci\",\"scopes\":[\"READ\"]}";
        String id = person.post("/tokens", body).text("id");
        Api.Answer again = person.post("/tokens", body);
        assertThat(again.text("id")).isEqualTo(id);
        assertThat(again.json().path("token").isNull()).isTrue();
    }

    @Test
    void aSessionNeedsItsCsrfTokenAndEndsWithThePassword() {
        Api person = makeUser();
        Api.Answer begun = platform.anonymous()
                .post("/session", "{\"userName\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}");
        assertThat(begun.status()).as(begun.toString()).isEqualTo(200);
        String session = cookie(begun, "berth-session");
        assertThat(session).contains("HttpOnly").contains("SameSite=Strict");
        Api browser = platform.anonymous().with("Cookie", value(session));
        Api.Answer me = browser.get("/session");
        assertThat(me.text("name")).isEqualTo(name);

        String body = "{\"name\":\"ci\",\"scopes\":[\"READ\"]}";
        Api.Answer forged = browser.post("/tokens", body);
        assertThat(forged.status())
                .as("%s after %s", forged, me.response().headers())
                .isEqualTo(403);
        assertThat(forged.text("detail")).contains("XSRF-TOKEN");
        String csrf = value(cookie(me, "XSRF-TOKEN"));
        Api portal = platform.anonymous()
                .with("Cookie", value(session) + "; " + csrf)
                .with("X-XSRF-TOKEN", csrf.substring(csrf.indexOf('=') + 1));
        assertThat(portal.post("/tokens", body).status()).isEqualTo(201);

        String change = "{\"current\":\"" + PASSWORD + "\",\"password\":\"another long password\"}";
        assertThat(person.put("/users/" + name + "/password", change).status()).isEqualTo(204);
        assertThat(browser.get("/session").status()).isEqualTo(401);
    }

    @Test
    void signingInAgainMakesAFreshSessionAndSigningOutEndsIt() {
        makeUser();
        String form = "{\"userName\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}";
        Api.Answer first = platform.anonymous().post("/session", form);
        String planted = value(cookie(first, "berth-session"));
        String csrf = value(cookie(platform.anonymous().with("Cookie", planted).get("/session"), "XSRF-TOKEN"));
        Api again = platform.anonymous()
                .with("Cookie", planted + "; " + csrf)
                .with("X-XSRF-TOKEN", csrf.substring(csrf.indexOf('=') + 1));
        Api.Answer second = again.post("/session", form);
        assertThat(second.status()).as(second.toString()).isEqualTo(200);
        assertThat(value(cookie(second, "berth-session"))).isNotEqualTo(planted);
        assertThat(platform.anonymous().with("Cookie", planted).get("/session").status())
                .isEqualTo(401);
    }

    @Test
    void thePasswordFileIsAWayBackIn(PostgresServer postgres) throws Exception {
        Files.writeString(platform.state().resolve("platform/admin.password"), "recovered password");
        String database =
                jdbc.sql("select current_database()").query(String.class).single();
        try (var second = new RunningPlatform(postgres, database, platform.state(), platform.agent())) {
            assertThat(Api.basic(second.address(), "admin", "recovered password")
                            .get("/session")
                            .status())
                    .isEqualTo(200);
            Files.writeString(platform.state().resolve("platform/admin.password"), RunningPlatform.ADMIN_PASSWORD);
        }
        try (var third = new RunningPlatform(postgres, database, platform.state(), platform.agent())) {
            assertThat(third.admin().get("/session").status()).isEqualTo(200);
        }
    }

    private Api makeUser() {
        Api.Answer made = admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}");
        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        assertThat(made.response().body()).doesNotContain(PASSWORD);
        return Api.basic(platform.address(), name, PASSWORD);
    }

    private static String cookie(Api.Answer answer, String name) {
        Map<String, List<String>> headers = answer.response().headers().map();
        return headers.getOrDefault("set-cookie", List.of()).stream()
                .filter(cookie -> cookie.startsWith(name + "="))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no cookie " + name + " in " + headers));
    }

    private static String value(String cookie) {
        int end = cookie.indexOf(';');
        return end < 0 ? cookie : cookie.substring(0, end);
    }
}
