// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.platform.testing.Api;
import io.berth.platform.testing.PostgresServer;
import io.berth.platform.testing.RecordingAgent;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Limits so small that a minute's refill is less than a request in some seconds, so that nothing here depends on the machine's speed. */
@ExtendWith(SharedPlatform.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RateLimitIT {
    private final RunningPlatform platform;

    /** Made before anything is counted down, as their maker has no more requests in a minute than anybody. */
    private final Map<String, Api> tokens;

    RateLimitIT(PostgresServer postgres, @TempDir Path state) {
        platform = new RunningPlatform(
                postgres,
                postgres.freshDatabase(),
                state,
                new RecordingAgent(),
                Map.of(
                        "BERTH_RATE_LIMIT",
                        "4",
                        "BERTH_RATE_LIMIT_ADDRESS",
                        "4",
                        "BERTH_HTTP_PROXIES",
                        "127.0.0.1,10.1.0.0/16"));
        tokens = Stream.of("busy", "calm", "spelling", "good").collect(Collectors.toMap(name -> name, this::made));
    }

    @AfterAll
    void end() {
        platform.close();
    }

    private Api made(String name) {
        Api.Answer made = platform.admin().post("/tokens", "{\"name\":\"" + name + "\",\"scopes\":[\"READ\"]}");
        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        return Api.bearer(platform.address(), made.text("token"));
    }

    private Api token(String name) {
        return Objects.requireNonNull(tokens.get(name));
    }

    private static Api.Answer askUntilRefused(Api who, String path) {
        Api.Answer answer = who.get(path);
        for (int i = 0; i < 20 && answer.status() != 429; i++) {
            answer = who.get(path);
        }
        return answer;
    }

    @Test
    void aCredentialIsToldWhatRemainsAndRefusedAfterThatAlone() {
        Api busy = token("busy");
        Api calm = token("calm");
        Api.Answer first = busy.get("/tenants");
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("RateLimit-Policy")).isEqualTo("\"credential\";q=4;w=60");
        assertThat(first.header("RateLimit")).matches("\"credential\";r=3;t=[0-9]+");
        Api.Answer refused = askUntilRefused(busy, "/tenants");
        assertThat(refused.problem()).isEqualTo("too-many-requests");
        assertThat(refused.header("RateLimit")).startsWith("\"credential\";r=0;");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 16);
        assertThat(calm.get("/tenants").status()).isEqualTo(200);
        assertThat(platform.anonymous().get("//actuator/health").status())
                .as("not of the interface")
                .isEqualTo(200);
    }

    @Test
    void anotherSpellingOfThePathIsCountedToo() {
        Api.Answer answer = token("spelling").get("//%61pi/v1/tenants");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("RateLimit")).matches("\"credential\";r=3;t=[0-9]+");
    }

    @Test
    void whoTriesCredentialsIsRefusedAndWhoHasAGoodOneIsNot() {
        Api good = token("good");
        Api guessing = Api.bearer(platform.address(), "no such token");
        assertThat(guessing.get("/tenants").status()).isIn(401, 429);
        Api.Answer refused = askUntilRefused(guessing, "/tenants");
        assertThat(refused.problem()).isEqualTo("too-many-requests");
        assertThat(refused.header("RateLimit-Policy")).contains("address");
        assertThat(askUntilRefused(platform.anonymous(), "/tenants").status()).isEqualTo(429);
        assertThat(good.get("/tenants").status()).isEqualTo(200);
    }

    private Api behindAProxy(String forwardedFor) {
        return platform.anonymous().with("X-Forwarded-For", forwardedFor);
    }

    @Test
    void strangersBehindAProxyHaveLimitsOfTheirOwn() {
        assertThat(askUntilRefused(behindAProxy("198.51.100.7"), "/tenants").status())
                .isEqualTo(429);
        assertThat(behindAProxy("198.51.100.8").get("/tenants").status()).isEqualTo(401);
        assertThat(behindAProxy("198.51.100.9, 198.51.100.7, 10.1.2.3")
                        .get("/tenants")
                        .status())
                .as("what proxies have written counts, and not what the client wrote before")
                .isEqualTo(429);
    }

    /** The password is right: had it been looked at, it would have been taken. */
    @Test
    void noPasswordIsLookedAtFromWhereGuessesHaveUsedUpWhatThereIs() {
        Api there = platform.admin().with("X-Forwarded-For", "198.51.100.20");
        assertThat(there.get("/tenants").status()).isEqualTo(200);
        askUntilRefused(behindAProxy("198.51.100.20"), "/tenants");
        Api.Answer refused = there.get("/tenants");
        assertThat(refused.problem()).isEqualTo("too-many-requests");
        assertThat(refused.header("RateLimit-Policy")).contains("address");
        assertThat(platform.admin()
                        .with("X-Forwarded-For", "198.51.100.21")
                        .get("/tenants")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void passwordsOfAnAccountAreCountedBeforeTheyAreLookedAt() {
        Api wrong = Api.basic(platform.address(), "admin", "a password that is wrong")
                .with("X-Forwarded-For", "198.51.100.30");
        Api right = platform.admin().with("X-Forwarded-For", "198.51.100.30");
        assertThat(wrong.get("/tenants").status()).isEqualTo(401);
        Api.Answer refused = askUntilRefused(right, "/tenants");
        assertThat(refused.header("RateLimit-Policy")).contains("credential");
        assertThat(wrong.get("/tenants").problem()).as("not 401").isEqualTo("too-many-requests");
    }
}
