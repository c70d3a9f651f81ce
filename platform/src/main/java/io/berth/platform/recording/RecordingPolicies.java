// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.recording;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.recording.RecordingPolicyController.NewRule;
import io.berth.platform.recording.RecordingPolicyController.Wishes;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tables of tenants' wishes and operators' rules. */
@Component
public class RecordingPolicies {
    /** As in the view: a quarter of a year is what most who look back look back to. */
    private static final int DEFAULT_DAYS = 90;

    private final JdbcClient jdbc;

    RecordingPolicies(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A terminal that nobody records may not be opened where they must be recorded. */
    public void requireUnrecorded(String tenant) {
        boolean required = jdbc.sql("""
                        select w.required from recording_wishes w join tenants t on t.id = w.tenant_id where t.name = :tenant
                        """)
                .param("tenant", tenant)
                .query(Boolean.class)
                .optional()
                .orElse(false);
        if (required) {
            throw new ProblemException(
                    ProblemKind.CONFLICT,
                    "the platform's operator requires that terminals of tenant '" + tenant
                            + "' are recorded, which one in a browser is not; log in by ssh");
        }
    }

    RecordingPolicy of(UUID tenant) {
        return jdbc.sql("""
                        select w.*, coalesce(p.record, false) as record
                        from recording_wishes w left join recording_policies p on p.tenant_id = w.tenant_id
                        where w.tenant_id = :tenant
                        """)
                .param("tenant", tenant)
                .query((row, number) -> new RecordingPolicy(
                        row.getBoolean("record"),
                        row.getBoolean("required"),
                        row.getBoolean("input"),
                        row.getInt("keep_days"),
                        row.getLong("most_bytes"),
                        row.getLong("used_bytes")))
                .single();
    }

    void wish(UUID tenant, Wishes wishes, UUID who) {
        jdbc.sql("""
                        insert into recording_policies (tenant_id, record, input, keep_days, changed_by)
                        values (:tenant, :record, :input, :days, :who)
                        on conflict (tenant_id) do update set record = excluded.record, input = excluded.input,
                            keep_days = excluded.keep_days, changed_at = now(), changed_by = excluded.changed_by
                        """)
                .param("tenant", tenant)
                .param("record", wishes.record())
                .param("input", wishes.input())
                .param("days", Objects.requireNonNullElse(wishes.keepDays(), DEFAULT_DAYS))
                .param("who", who)
                .update();
    }

    void rule(UUID tenant, NewRule rule, UUID who) {
        jdbc.sql("""
                        insert into recording_rules (tenant_id, required, input, keep_days, most_bytes, changed_by)
                        values (:tenant, :required, :input, :days, :most, :who)
                        on conflict (tenant_id) do update set required = excluded.required, input = excluded.input,
                            keep_days = excluded.keep_days, most_bytes = excluded.most_bytes, changed_at = now(),
                            changed_by = excluded.changed_by
                        """)
                .param("tenant", tenant)
                .param("required", rule.required())
                .param("input", rule.input())
                .param("days", rule.keepDays())
                .param("most", rule.mostBytes())
                .param("who", who)
                .update();
    }

    void lift(UUID tenant) {
        jdbc.sql("delete from recording_rules where tenant_id = :tenant")
                .param("tenant", tenant)
                .update();
    }
}
