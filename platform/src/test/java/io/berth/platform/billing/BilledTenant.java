// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import java.time.LocalDate;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A tenant of its own whose plan charges one euro for each GiB that is sent, and nothing else. */
final class BilledTenant {
    private static final long GIB = 1L << 30;

    private final RunningPlatform platform;
    private final Api admin;
    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    final String name = "t" + suffix;
    final String path = "/tenants/" + name;
    final String plan = "p" + suffix;

    BilledTenant(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
        admin.post("/tenants", "{\"name\":\"" + name + "\"}");
        admin.post("/price-books", "{\"name\":\"b" + suffix + "\",\"currency\":\"EUR\"}");
        admin.post(
                "/price-books/b" + suffix + "/versions",
                "{\"prices\":[{\"meter\":\"SENT\",\"tiers\":[{\"unitPrice\":\"1\"}]}]}");
        admin.post("/plans", "{\"name\":\"" + plan + "\",\"book\":\"b" + suffix + "\",\"version\":1}");
        isOnThePlan(path);
    }

    void isOnThePlan(String tenantPath) {
        assertThat(admin.put(tenantPath + "/plan", "{\"plan\":\"" + plan + "\",\"from\":\"2026-01-01\"}")
                        .status())
                .isEqualTo(200);
    }

    void sends(LocalDate day, long gib) {
        sends(path, day, gib);
    }

    /** As the roll-up would have it. */
    void sends(String tenantPath, LocalDate day, long gib) {
        JdbcClient jdbc = platform.bean(JdbcClient.class);
        LocalDate month = day.withDayOfMonth(1);
        jdbc.sql("create table if not exists usage_days_"
                        + day.toString().substring(0, 7).replace("-", "")
                        + " partition of usage_days for values from ('" + month + "T00:00:00Z') to ('"
                        + month.plusMonths(1)
                        + "T00:00:00Z')")
                .update();
        jdbc.sql("""
                        insert into usage_days (container_id, day, tenant_id, samples, resets, seconds, running_seconds, gap_seconds,
                            cpu_micros, vcpu_milli_seconds, memory_byte_seconds, memory_limit_byte_seconds, disk_byte_seconds,
                            received_bytes, sent_bytes, read_bytes, written_bytes)
                        values (:container, cast(:day as timestamptz), :tenant, 1, 0, 60, 60, 0, 0, 0, 0, 0, 0, 0, :sent, 0, 0)
                        """)
                .param("container", UUID.randomUUID())
                .param("day", day + "T00:00:00Z")
                .param("tenant", UUID.fromString(admin.get(tenantPath).text("id")))
                .param("sent", gib * GIB)
                .update();
    }

    Api member(String role) {
        return member(path, role);
    }

    Api member(String tenantPath, String role) {
        String user = "u" + UUID.randomUUID().toString().substring(0, 8);
        admin.post("/users", "{\"name\":\"" + user + "\",\"password\":\"a long enough password\"}");
        assertThat(admin.put(tenantPath + "/members/" + user, "{\"role\":\"" + role + "\"}")
                        .status())
                .isLessThan(300);
        return Api.basic(platform.address(), user, "a long enough password");
    }
}
