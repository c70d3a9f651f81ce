// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.factor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import io.berth.platform.testing.SignedIn;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@ExtendWith(SharedPlatform.class)
class SecondFactorIT {
    private static final String PASSWORD = "a long enough password";
    private static final Duration STEP = Duration.ofSeconds(TotpCode.STEP_SECONDS);

    private final RunningPlatform platform;
    private final Api admin;
    private final JdbcClient jdbc;
    private final String name = "u" + UUID.randomUUID().toString().substring(0, 8);

    SecondFactorIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
        this.jdbc = platform.bean(JdbcClient.class);
    }

    @BeforeEach
    void makeUser() {
        assertThat(admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}")
                        .status())
                .isEqualTo(201);
    }

    @AfterEach
    void putBack() {
        platform.clock().reset();
        jdbc.sql("delete from sign_in_failures").update();
    }

    private Api.Answer signIn(String more) {
        return platform.anonymous()
                .post("/session", "{\"userName\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"" + more + "}");
    }

    private Api session(String more) {
        Api.Answer begun = signIn(more);
        assertThat(begun.status()).as(begun.toString()).isEqualTo(200);
        return SignedIn.from(platform.address(), begun);
    }

    /** As an authenticator shows it now. */
    private String code(String secret) {
        return TotpCode.at(decoded(secret), TotpCode.step(platform.clock().instant()));
    }

    /** The next code that was not shown yet. */
    private String nextCode(String secret) {
        platform.clock().forward(STEP);
        return code(secret);
    }

    private static String withCode(String code) {
        return ",\"code\":\"" + code + "\"";
    }

    /** @param secret as it was shown */
    private record Enrolled(Api session, String secret, List<String> recoveryCodes) {}

    private Enrolled enrolled() {
        Api session = session("");
        Api.Answer begun = session.post("/account/totp", null);
        assertThat(begun.status()).as(begun.toString()).isEqualTo(201);
        String secret = begun.text("secret");
        Api.Answer confirmed = session.post("/account/totp/confirmation", "{\"code\":\"" + code(secret) + "\"}");
        assertThat(confirmed.status()).as(confirmed.toString()).isEqualTo(200);
        List<String> codes = confirmed
                .json()
                .path("recoveryCodes")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
        return new Enrolled(session, secret, codes);
    }

    /** As an authenticator reads what is typed into it. */
    private static byte[] decoded(String base32) {
        BigInteger bits = base32.chars()
                .map("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"::indexOf)
                .mapToObj(BigInteger::valueOf)
                .reduce(BigInteger.ONE, (before, digit) -> before.shiftLeft(5).or(digit));
        byte[] whole = bits.toByteArray(); // the 1 before it keeps leading zeros
        return Arrays.copyOfRange(whole, whole.length - TotpCode.SECRET_BYTES, whole.length);
    }

    @Test
    void anAuthenticatorCountsFromItsConfirmationOn() {
        Api session = session("");
        Api.Answer begun = session.post("/account/totp", null);
        assertThat(begun.text("uri"))
                .startsWith("otpauth://totp/Berth%20berth:" + name + "?secret=" + begun.text("secret"));
        session("");
        Api.Answer wrong = session.post("/account/totp/confirmation", "{\"code\":\"000000\"}");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.text("field")).isEqualTo("code");
        session("");

        String secret = begun.text("secret");
        assertThat(session.post("/account/totp/confirmation", "{\"code\":\"" + code(secret) + "\"}")
                        .status())
                .isEqualTo(200);
        assertThat(signIn("").problem()).isEqualTo("second-factor-needed");
        Api.Answer basic = Api.basic(platform.address(), name, PASSWORD).get("/session");
        assertThat(basic.status()).isEqualTo(401);
        assertThat(basic.problem()).isEqualTo("second-factor-needed");
        assertThat(signIn(withCode(nextCode(secret)))
                        .json()
                        .path("secondFactor")
                        .asBoolean())
                .isTrue();
        assertThat(session.post("/account/totp", null).problem()).isEqualTo("conflict");
    }

    /** RFC 6238, section 5.2: a verifier must not accept the second attempt of an OTP. */
    @Test
    void noCodeIsTakenTwiceNorAnOlderOneAfterIt() {
        String secret = enrolled().secret();
        String older = nextCode(secret);
        String code = nextCode(secret);
        assertThat(signIn(withCode(code)).status()).isEqualTo(200);
        assertThat(signIn(withCode(code)).problem()).isEqualTo("second-factor-needed");
        assertThat(signIn(withCode(older)).problem()).isEqualTo("second-factor-needed");
        assertThat(signIn(withCode(nextCode(secret))).status()).isEqualTo(200);
    }

    @Test
    void wrongCodesAreThrottledAndARightPasswordDoesNotClearThem() {
        String secret = enrolled().secret();
        platform.clock().forward(STEP);
        for (int i = 0; i < 5; i++) {
            assertThat(signIn("").problem()).isEqualTo("second-factor-needed");
            assertThat(signIn(withCode("x")).problem()).isEqualTo("second-factor-needed");
        }
        assertThat(signIn(withCode(code(secret))).status()).isEqualTo(429);
    }

    @Test
    void theSecretLiesEncryptedAndBoundToItsAccount() throws Exception {
        byte[] secret = decoded(enrolled().secret());
        byte[] stored = jdbc.sql(
                        "select t.secret from totp_secrets t join users u on u.id = t.user_id where u.name = :name")
                .param("name", name)
                .query(byte[].class)
                .single();
        assertThat(HexFormat.of().formatHex(stored))
                .doesNotContain(HexFormat.of().formatHex(secret));
        assertThat(Files.getPosixFilePermissions(platform.state().resolve("platform/second-factor.key")))
                .isEqualTo(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        SecretBox box = platform.bean(SecretBox.class);
        UUID somebody = UUID.randomUUID();
        byte[] sealed = box.sealed(somebody, secret);
        assertThat(box.opened(somebody, sealed)).isEqualTo(secret);
        assertThatThrownBy(() -> box.opened(UUID.randomUUID(), sealed))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("second-factor.key");
    }

    @Test
    void otherSessionsEndWhenASecondFactorComes() {
        Api other = session("");
        Api mine = enrolled().session();
        assertThat(other.get("/session").status()).isEqualTo(401);
        assertThat(mine.get("/session").json().path("secondFactor").asBoolean()).isTrue();
    }

    @Test
    void tokensAreNotAsked() {
        String token = session("")
                .post("/tokens", "{\"name\":\"ci\",\"scopes\":[\"READ\"]}")
                .text("token");
        enrolled();
        assertThat(Api.bearer(platform.address(), token).get("/session").status())
                .isEqualTo(200);
    }

    @Test
    void aRecoveryCodeIsGoodOnceHoweverItIsTyped() {
        Enrolled enrolled = enrolled();
        assertThat(enrolled.recoveryCodes()).hasSize(10).doesNotHaveDuplicates();
        String first = enrolled.recoveryCodes().getFirst();
        assertThat(first).matches("[a-z2-7]{4}(-[a-z2-7]{4}){3}");
        String typed = " " + first.toUpperCase(Locale.ROOT).replace('-', ' ');
        assertThat(signIn(",\"recoveryCode\":\"" + typed + "\"").status()).isEqualTo(200);
        assertThat(signIn(",\"recoveryCode\":\"" + first + "\"").problem()).isEqualTo("second-factor-needed");
        JsonNode factors = enrolled.session().get("/account/second-factors").json();
        assertThat(factors.path("recoveryCodesLeft").asInt()).isEqualTo(9);
        assertThat(factors.toString()).doesNotContain(enrolled.recoveryCodes().get(1));

        assertThat(enrolled.session().post("/account/recovery-codes", null).status())
                .isEqualTo(200);
        assertThat(signIn(",\"recoveryCode\":\"" + enrolled.recoveryCodes().get(1) + "\"")
                        .problem())
                .isEqualTo("second-factor-needed");
    }

    @Test
    void whatCannotBeUndoneAsksASessionAgainAfterAWhile() {
        Enrolled enrolled = enrolled();
        Api session = enrolled.session();
        String body = "{\"name\":\"ci\",\"scopes\":[\"READ\"]}";
        assertThat(session.post("/tokens", body).status()).isEqualTo(201);
        platform.clock().forward(Duration.ofMinutes(15));
        assertThat(session.post("/tokens", body).problem()).isEqualTo("confirmation-needed");
        assertThat(session.delete("/account/totp").problem()).isEqualTo("confirmation-needed");
        assertThat(session.post("/session/confirmation", "{\"password\":\"" + PASSWORD + "\"}")
                        .problem())
                .as("the account has more than a password")
                .isEqualTo("second-factor-needed");
        assertThat(session.post("/session/confirmation", "{\"code\":\"" + nextCode(enrolled.secret()) + "\"}")
                        .status())
                .isEqualTo(204);
        assertThat(session.post("/tokens", body).status()).isEqualTo(201);
        assertThat(session.delete("/account/totp").status()).isEqualTo(204);
        session("");
    }

    @Test
    void thePasswordConfirmsWhereThereIsNothingElse() {
        Api session = session("");
        platform.clock().forward(Duration.ofMinutes(16));
        assertThat(session.post("/account/totp", null).problem()).isEqualTo("confirmation-needed");
        assertThat(session.post("/session/confirmation", "{\"password\":\"not this one\"}")
                        .status())
                .isEqualTo(401);
        assertThat(session.post("/session/confirmation", "{\"password\":\"" + PASSWORD + "\"}")
                        .status())
                .isEqualTo(204);
        assertThat(session.post("/account/totp", null).status()).isEqualTo(201);
    }

    /** Whoever got hold of a cookie can't vouch for it with an account of their own. */
    @Test
    void whoConfirmsThemselvesConfirmsNobodyElsesSession() {
        Api session = session("");
        platform.clock().forward(Duration.ofMinutes(16));
        Api thief = platform.admin().with("Cookie", session.headers().getOrDefault("Cookie", ""));
        assertThat(thief.post("/session/confirmation", "{\"password\":\"" + RunningPlatform.ADMIN_PASSWORD + "\"}")
                        .status())
                .isEqualTo(204);
        assertThat(session.post("/account/totp", null).problem()).isEqualTo("confirmation-needed");
    }

    @Test
    void aTenantDemandsItOfMembersAndNobodyShutsThemselvesOut() {
        String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
        admin.post("/tenants", "{\"name\":\"" + tenant + "\"}");
        admin.put("/tenants/" + tenant + "/members/" + name, "{\"role\":\"OWNER\"}");
        String policy = "/tenants/" + tenant + "/sign-in-policy";
        Api session = session("");
        assertThat(session.put(policy, "{\"secondFactor\":true}").problem()).isEqualTo("conflict");
        Api.Answer now = session.get(policy);
        assertThat(now.json().path("secondFactor").asBoolean()).isFalse();
        assertThat(admin.with("If-Match", "\"7\"")
                        .put(policy, "{\"secondFactor\":true}")
                        .status())
                .isEqualTo(412);
        assertThat(admin.with("If-Match", now.header("ETag"))
                        .put(policy, "{\"secondFactor\":true}")
                        .status())
                .isEqualTo(200);

        assertThat(session.get("/tenants/" + tenant).problem()).isEqualTo("second-factor-demanded");
        assertThat(session.post("/tokens", "{\"name\":\"around\",\"scopes\":[\"READ\"]}")
                        .problem())
                .isEqualTo("second-factor-demanded");
        assertThat(session.post("/tokens", "{\"name\":\"around\",\"scopes\":[\"READ\"],\"tenant\":\"" + tenant + "\"}")
                        .problem())
                .isEqualTo("invalid-field");
        assertThat(Api.basic(platform.address(), name, PASSWORD)
                        .get("/tenants/" + tenant + "/containers")
                        .problem())
                .isEqualTo("second-factor-demanded");
        String below = "t" + UUID.randomUUID().toString().substring(0, 8);
        admin.put("/tenants/" + tenant + "/quota", "{\"hard\":{\"tenants\":1}}");
        assertThat(admin.post("/tenants", "{\"name\":\"" + below + "\",\"parent\":\"" + tenant + "\"}")
                        .status())
                .isEqualTo(201);
        assertThat(session.get("/tenants/" + below).problem()).isEqualTo("second-factor-demanded");

        Api proven = enrolled().session();
        assertThat(proven.get("/tenants/" + tenant).status()).isEqualTo(200);
        assertThat(proven.get("/tenants/" + below).status()).isEqualTo(200);
        assertThat(proven.put(policy, "{\"secondFactor\":false}").status()).isEqualTo(200);
    }

    @Test
    void aRecoveryLinkIsGoodOnceAndForADay() {
        Enrolled enrolled = enrolled();
        Api person = platform.admin();
        assertThat(admin.post("/users/" + name + "/recovery-link", "{}").status())
                .as("by a token")
                .isEqualTo(403);
        String late = person.post("/users/" + name + "/recovery-link", "{}").text("token");
        platform.clock().forward(Duration.ofHours(25));
        assertThat(recover(late).status()).isEqualTo(401);
        platform.clock().forward(Duration.ofHours(-25));

        Api.Answer issued = person.post("/users/" + name + "/recovery-link", "{\"secondFactors\":true}");
        assertThat(issued.status()).as(issued.toString()).isEqualTo(201);
        assertThat(issued.text("path")).isEqualTo("/sign-in#recovery=" + issued.text("token"));
        assertThat(recover(late).status()).as("another was issued").isEqualTo(401);
        assertThat(recover(issued.text("token")).status()).isEqualTo(204);
        assertThat(recover(issued.text("token")).status()).as("used").isEqualTo(401);
        assertThat(enrolled.session().get("/session").status()).isEqualTo(401);
        assertThat(Api.basic(platform.address(), name, "another long password")
                        .get("/session")
                        .status())
                .isEqualTo(200);
        JsonNode entry = admin.get("/audit?path=/api/v1/recovery")
                .json()
                .path("items")
                .valueStream()
                .filter(it -> it.path("path").asString().equals("/api/v1/recovery")
                        && it.path("outcome").asString().equals("DONE"))
                .findFirst()
                .orElseThrow();
        assertThat(entry.path("after").toString()).contains(name, "\"secondFactors\":true");
        assertThat(entry.toString()).doesNotContain("another long password", issued.text("token"));
    }

    private Api.Answer recover(String token) {
        return platform.anonymous()
                .post("/recovery", "{\"token\":\"" + token + "\",\"password\":\"another long password\"}");
    }

    private static String sshKey() throws GeneralSecurityException {
        byte[] der = KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPublic()
                .getEncoded();
        ByteBuffer blob = ByteBuffer.allocate(51)
                .putInt(11)
                .put("ssh-ed25519".getBytes(StandardCharsets.US_ASCII))
                .putInt(32)
                .put(der, der.length - 32, 32); // RFC 8410: the key is the last 32 bytes
        return "ssh-ed25519 " + Base64.getEncoder().encodeToString(blob.array());
    }

    private Api.Answer asked(String what, String key, String more) {
        return Api.bearer(platform.address(), RunningPlatform.GATEWAY_TOKEN)
                .post(
                        "/gateway/" + what,
                        "{\"userName\":\"lobby\",\"sourceAddress\":\"192.0.2.7\",\"publicKey\":\"" + key + "\"" + more
                                + "}");
    }

    private String decision(String key, String token) {
        return asked("logins", key, token.isEmpty() ? "" : ",\"secondFactor\":\"" + token + "\"")
                .text("decision");
    }

    private String tenantOf(Api person, String key) {
        String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
        assertThat(admin.post("/tenants", "{\"name\":\"" + tenant + "\"}").status())
                .isEqualTo(201);
        assertThat(admin.put("/tenants/" + tenant + "/members/" + name, "{\"role\":\"ADMIN\"}")
                        .status())
                .isEqualTo(200);
        assertThat(added(person, tenant, key).status()).isEqualTo(201);
        return tenant;
    }

    private static Api.Answer added(Api person, String tenant, String key) {
        return person.post(
                "/tenants/" + tenant + "/ssh-keys",
                "{\"name\":\"k" + UUID.randomUUID() + "\",\"publicKey\":\"" + key + "\"}");
    }

    @Test
    void overSshATenantDemandsTheCodeOfWhoeverAddedTheKey() throws Exception {
        Enrolled person = enrolled();
        String key = sshKey();
        String tenant = tenantOf(person.session(), key);
        String others = sshKey();
        assertThat(added(admin, tenant, others).status()).isEqualTo(201);
        assertThat(decision(key, "")).isEqualTo("LOBBY");
        assertThat(asked("second-factors", key, withCode(code(person.secret()))).status())
                .isEqualTo(409);
        Api.Answer demanded = admin.put("/tenants/" + tenant + "/ssh-second-factor", "{\"required\":true}");
        assertThat(demanded.status()).as(demanded.toString()).isEqualTo(200);
        assertThat(admin.get("/tenants/" + tenant + "/ssh-second-factor")
                        .json()
                        .path("required")
                        .asBoolean())
                .isTrue();

        assertThat(decision(key, "")).isEqualTo("SECOND_FACTOR");
        Api.Answer without = asked("logins", others, "");
        assertThat(without.text("decision")).isEqualTo("NO_SECOND_FACTOR");
        assertThat(without.text("message")).contains("has no authenticator");
        assertThat(asked("second-factors", key, withCode("000000")).text("message"))
                .isEqualTo("the code is wrong, or was used already");
        String right = withCode(nextCode(person.secret()));
        String token = asked("second-factors", key, right).text("token");
        assertThat(decision(key, token)).isEqualTo("LOBBY");
        assertThat(asked("second-factors", key, right).text("token")).isEmpty();
        assertThat(decision(key, "x" + token)).isEqualTo("SECOND_FACTOR");
        assertThat(decision(others, token)).isEqualTo("NO_SECOND_FACTOR");
        String another = sshKey();
        assertThat(added(person.session(), tenant, another).status()).isEqualTo(201);
        assertThat(decision(another, token)).as("of another key").isEqualTo("SECOND_FACTOR");
        String recovery = asked(
                        "second-factors",
                        another,
                        withCode(person.recoveryCodes().getFirst()))
                .text("token");
        assertThat(decision(another, recovery)).isEqualTo("LOBBY");
        platform.clock().forward(Duration.ofHours(13));
        assertThat(decision(key, token)).isEqualTo("SECOND_FACTOR");
    }

    @Test
    void whoGuessesCodesOverSshIsSlowedDown() throws Exception {
        Enrolled person = enrolled();
        String key = sshKey();
        String tenant = tenantOf(person.session(), key);
        admin.put("/tenants/" + tenant + "/ssh-second-factor", "{\"required\":true}");
        for (int i = 0; i < 5; i++) {
            asked("second-factors", key, withCode("00000" + i));
        }
        assertThat(asked("second-factors", key, withCode(nextCode(person.secret())))
                        .text("message"))
                .contains("too many wrong codes");
    }
}
