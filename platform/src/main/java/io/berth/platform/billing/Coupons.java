// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The tables of coupons. What a coupon gives is credit like any other, in the ledger. */
@Component
class Coupons {
    private final JdbcClient jdbc;
    private final Closing closing;
    private final Clock clock;

    Coupons(JdbcClient jdbc, Closing closing, Clock clock) {
        this.jdbc = jdbc;
        this.closing = closing;
        this.clock = clock;
    }

    @Transactional(propagation = Propagation.MANDATORY)
    Coupon create(String code, String currency, long amount, @Nullable Long most, @Nullable Instant expires, UUID by) {
        try {
            jdbc.sql("""
                            insert into coupons (id, code, currency, amount, most, expires_at, created_by)
                            values (:id, :code, :currency, :amount, :most, :expires, :by)
                            """)
                    .param("id", UuidCreator.getTimeOrderedEpoch())
                    .param("code", code)
                    .param("currency", currency)
                    .param("amount", amount)
                    .param("most", most)
                    .param("expires", expires == null ? null : expires.atOffset(ZoneOffset.UTC))
                    .param("by", by)
                    .update();
        } catch (DuplicateKeyException e) {
            throw ProblemException.field("code", "code: coupon '" + code + "' exists already; choose another code");
        }
        return find(code).orElseThrow();
    }

    Optional<Coupon> find(String code) {
        return jdbc.sql("select * from coupons where code = :code")
                .param("code", code)
                .query(Coupons::coupon)
                .optional();
    }

    Coupon get(String code) {
        return find(code).orElseThrow(() -> ProblemException.notFound("coupon", ProblemException.shortened(code)));
    }

    List<Coupon> list(String after, int limit) {
        return jdbc.sql("select * from coupons where code > :after order by code limit :limit")
                .param("after", after)
                .param("limit", limit + 1)
                .query(Coupons::coupon)
                .list();
    }

    private static Coupon coupon(ResultSet row, int number) throws SQLException {
        return new Coupon(
                row.getString("code"),
                row.getString("currency"),
                row.getLong("amount"),
                row.getObject("most", Long.class),
                row.getLong("used"),
                instant(row, "expires_at"),
                instant(row, "ended_at"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /** Who has redeemed it keeps what it gave. */
    @Transactional
    void end(Coupon coupon) {
        jdbc.sql("update coupons set ended_at = coalesce(ended_at, now()) where code = :code")
                .param("code", coupon.code())
                .update();
    }

    /** What a tenant has redeemed. */
    record Redemption(String code, String currency, long amount, Instant at) {}

    /** The newest first. */
    List<Redemption> redemptions(Payer tenant) {
        return jdbc.sql("""
                        select c.code, c.currency, c.amount, r.at from coupon_redemptions r join coupons c on c.id = r.coupon_id
                        where r.tenant_id = :tenant order by r.at desc, c.code
                        """)
                .param("tenant", tenant.id())
                .query((row, number) -> new Redemption(
                        row.getString("code"),
                        row.getString("currency"),
                        row.getLong("amount"),
                        row.getObject("at", OffsetDateTime.class).toInstant()))
                .list();
    }

    /** The coupon's row is locked from its count to the commit: of any number at once, no more than it allows redeem it. */
    @Transactional(propagation = Propagation.MANDATORY)
    Redemption redeem(Payer tenant, String code, UUID by) {
        Coupon coupon = jdbc.sql("""
                        update coupons set used = used + 1
                        where code = :code and ended_at is null and (expires_at is null or expires_at > :now)
                          and (most is null or used < most)
                        returning *
                        """)
                .param("code", code)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .query(Coupons::coupon)
                .optional()
                .orElseThrow(() -> ProblemException.field(
                        "code", "code: there is no such coupon, or it can be redeemed no longer; check the code"));
        int added = jdbc.sql("""
                        insert into coupon_redemptions (coupon_id, tenant_id, by_user)
                        select id, :tenant, :by from coupons where code = :code
                        on conflict do nothing
                        """)
                .param("tenant", tenant.id())
                .param("by", by)
                .param("code", code)
                .update();
        if (added == 0) {
            throw new ProblemException(
                    ProblemKind.CONFLICT, "tenant '" + tenant.name() + "' has redeemed this coupon already");
        }
        closing.give(tenant, coupon.currency(), coupon.amount(), "coupon " + code, by);
        return redemptions(tenant).stream()
                .filter(it -> it.code().equals(code))
                .findFirst()
                .orElseThrow();
    }
}
