// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedPlatform.class)
class CouponIT {
    private final RunningPlatform platform;
    private final Api admin;
    private final BilledTenant tenant;
    private final String code =
            "C-" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);

    CouponIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
        this.tenant = new BilledTenant(platform);
    }

    private void make(String more) {
        Api.Answer made =
                admin.post("/coupons", "{\"code\":\"" + code + "\",\"currency\":\"EUR\",\"amount\":500" + more + "}");
        assertThat(made.status()).as(made.toString()).isEqualTo(201);
    }

    private Api.Answer redeem(Api who, String path) {
        return who.post(path + "/coupon-redemptions", "{\"code\":\"" + code + "\"}");
    }

    private long credit() {
        return admin.get(tenant.path + "/balance")
                .json()
                .path("items")
                .path(0)
                .path("credit")
                .asLong();
    }

    @Test
    void whatItIsWorthIsCreditOnceEachTenant() {
        make("");
        Api owner = tenant.member("OWNER");
        Api keyed = owner.with("Idempotency-Key", "k" + code);
        assertThat(redeem(keyed, tenant.path).status()).isEqualTo(201);
        assertThat(redeem(keyed, tenant.path).status()).as("sent again").isEqualTo(201);
        assertThat(redeem(owner, tenant.path).problem()).isEqualTo("conflict");
        assertThat(credit()).isEqualTo(500);
        assertThat(admin.get("/coupons/" + code).json().path("used").asLong()).isEqualTo(1);
        assertThat(owner.get(tenant.path + "/coupon-redemptions").response().body())
                .contains(code);
        assertThat(owner.get("/coupons").status()).isEqualTo(403);
        assertThat(redeem(tenant.member("MEMBER"), tenant.path).status()).isEqualTo(403);
        assertThat(admin.post("/coupons", "{\"code\":\"" + code + "\",\"currency\":\"EUR\",\"amount\":1}")
                        .text("field"))
                .isEqualTo("code");
    }

    @Test
    void ofManyAtOnceNoMoreThanItAllowsRedeemIt() {
        make(",\"most\":3");
        List<String> paths = IntStream.range(0, 8)
                .mapToObj(i -> {
                    String name = "c" + i + UUID.randomUUID().toString().substring(0, 8);
                    admin.post("/tenants", "{\"name\":\"" + name + "\"}");
                    return "/tenants/" + name;
                })
                .toList();
        List<CompletableFuture<Integer>> all = paths.stream()
                .map(path ->
                        CompletableFuture.supplyAsync(() -> redeem(admin, path).status()))
                .toList();
        assertThat(all.stream().map(CompletableFuture::join).filter(status -> status == 201))
                .hasSize(3);
        assertThat(admin.get("/coupons/" + code).json().path("used").asLong()).isEqualTo(3);
    }

    @Test
    void whatIsOverIsToldApartFromWhatNeverWasByNobody() {
        make(",\"expiresAt\":\"" + Instant.now().plus(Duration.ofHours(1)) + "\"");
        platform.clock().forward(Duration.ofHours(2));
        String expired;
        try {
            expired = redeem(admin, tenant.path).text("detail");
        } finally {
            platform.clock().reset();
        }
        assertThat(admin.delete("/coupons/" + code).status()).isEqualTo(204);
        assertThat(redeem(admin, tenant.path).text("detail")).isEqualTo(expired);
        Api.Answer unknown = admin.post(tenant.path + "/coupon-redemptions", "{\"code\":\"NEVER-WAS\"}");
        assertThat(unknown.text("detail")).isEqualTo(expired);
        assertThat(unknown.text("field")).isEqualTo("code");
        assertThat(credit()).isZero();
    }
}
