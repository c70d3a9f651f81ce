// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.metering;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.protocol.MeterReading;
import io.berth.core.protocol.MeterRound;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.Limits;
import io.berth.platform.node.LocalNode;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** From the node's rounds to hours, days and samples over REST, in a real database. */
@ExtendWith(SharedPlatform.class)
class MeteringIT {
    private static final Limits LIMITS = new Limits(1 << 30, 2000, 100);

    private final RunningPlatform platform;
    private final Api admin;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);

    /** Two hours ago, at the full hour: samples of it are neither too old nor yet to come. */
    private final Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(2, ChronoUnit.HOURS);

    private ContainerId id = new ContainerId(UUID.randomUUID());

    MeteringIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
    }

    @BeforeEach
    void makeContainer() {
        admin.post("/tenants", "{\"name\":\"" + tenant + "\"}");
        admin.finished(
                admin.post("/tenants/" + tenant + "/containers", "{\"name\":\"box\",\"image\":\"debian/bookworm\"}"));
        id = ContainerId.of(admin.get("/tenants/" + tenant + "/containers/box").text("id"));
    }

    private MeterReading reading(long minute, @Nullable Instant since, long used) {
        return new MeterReading(
                id,
                hour.plus(minute, ChronoUnit.MINUTES),
                since,
                LIMITS,
                since == null ? null : used,
                since == null ? null : 1000L,
                5000L,
                since == null ? null : used * 2,
                since == null ? null : used * 3,
                null,
                null);
    }

    private MeterRound round(MeterReading... readings) {
        return platform.agent().meter(readings[0].at(), List.of(readings));
    }

    private void count() {
        platform.bean(MeterWatch.class).catchUp();
        platform.bean(RollUp.class).run();
    }

    private JsonNode usage(String query) {
        return admin.get("/tenants/" + tenant + "/usage?from=" + hour.minus(3, ChronoUnit.DAYS) + query)
                .json()
                .path("items");
    }

    @Test
    void samplesAddUpToHoursAndHoursToADay() {
        Instant since = hour.minusSeconds(30);
        for (int minute = 0; minute <= 90; minute++) {
            round(reading(minute, since, minute * 100L));
        }
        count();
        JsonNode hours = usage("&resolution=HOUR&container=" + id);
        assertThat(hours.size()).isEqualTo(3);
        // the sample at the full hour is the last of the hour before
        assertThat(hours.get(0).path("runningSeconds").asLong()).isEqualTo(30);
        JsonNode whole = hours.get(1);
        assertThat(whole.path("from").asString()).isEqualTo(hour.toString());
        assertThat(whole.path("name").asString()).isEqualTo("box");
        assertThat(whole.path("samples").asLong()).isEqualTo(60);
        assertThat(whole.path("runningSeconds").asLong()).isEqualTo(3600);
        assertThat(whole.path("gapSeconds").asLong()).isZero();
        assertThat(whole.path("cpuMicros").asLong()).isEqualTo(6000);
        assertThat(whole.path("receivedBytes").asLong()).isEqualTo(12_000);
        assertThat(whole.path("sentBytes").asLong()).isEqualTo(18_000);
        assertThat(whole.path("vcpuMilliSeconds").asLong()).isEqualTo(2000 * 3600);
        assertThat(whole.path("memoryByteSeconds").asLong()).isEqualTo(1000 * 3600);
        assertThat(whole.path("memoryLimitByteSeconds").asLong()).isEqualTo((1L << 30) * 3600);
        assertThat(whole.path("diskByteSeconds").asLong()).isEqualTo(5000 * 3600);
        assertThat(hours.get(2).path("cpuMicros").asLong()).isEqualTo(3000);

        long days = usage("&resolution=DAY")
                .valueStream()
                .mapToLong(day -> day.path("cpuMicros").asLong())
                .sum();
        assertThat(days).isEqualTo(9000);
        assertThat(usage("&resolution=HOUR&by=CONTAINER")).isEqualTo(hours);
    }

    @Test
    void aRoundThatComesAgainOrFromManyReplicasAtOnceCountsOnce() {
        Instant since = hour.minusSeconds(30);
        MeterRound first = round(reading(1, since, 50));
        MeterRound second = round(reading(2, since, 80));
        count();
        Intake intake = platform.bean(Intake.class);
        UUID node = platform.bean(LocalNode.class).id();
        assertThat(intake.take(node, first)).isFalse();
        assertThat(intake.take(node, second)).isFalse();
        MeterRound third = round(reading(3, since, 90));
        List<Boolean> taken = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> intake.take(node, third)))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        assertThat(taken).containsOnlyOnce(true);
        count();
        count();
        assertThat(usage("&resolution=HOUR").get(0).path("cpuMicros").asLong()).isEqualTo(90);
        assertThat(usage("&resolution=HOUR").get(0).path("samples").asLong()).isEqualTo(3);
    }

    @Test
    void whatComesLaterIntoAnHourIsAddedAndARestartIsSeen() {
        Instant since = hour.minusSeconds(30);
        round(reading(1, since, 50));
        count();
        assertThat(usage("&resolution=HOUR").get(0).path("cpuMicros").asLong()).isEqualTo(50);
        Instant again = hour.plus(2, ChronoUnit.MINUTES);
        round(reading(2, since, 70), reading(3, again, 5));
        count();
        JsonNode found = usage("&resolution=HOUR").get(0);
        assertThat(found.path("cpuMicros").asLong()).isEqualTo(75);
        assertThat(found.path("resets").asLong()).isEqualTo(1);
    }

    @Test
    void aGapIsShownAndNotMadeUp() {
        Instant since = hour.minusSeconds(30);
        round(reading(1, since, 50));
        round(reading(41, since, 350));
        count();
        JsonNode found = usage("&resolution=HOUR").get(0);
        assertThat(found.path("gapSeconds").asLong()).isEqualTo(40 * 60);
        assertThat(found.path("runningSeconds").asLong()).isEqualTo(90);
        assertThat(found.path("cpuMicros").asLong()).isEqualTo(350);

        MeterRound lost = round(reading(42, since, 360));
        platform.agent().forgetRound(lost.number());
        round(reading(43, since, 370));
        count();
        assertThat(admin.get("/metering/nodes").response().body())
                .contains(
                        "\"firstNumber\":" + lost.number() + ",\"lastNumber\":" + lost.number(), "keeps them no more");
        assertThat(usage("&resolution=HOUR").get(0).path("cpuMicros").asLong()).isEqualTo(370);
    }

    @Test
    void samplesShowWhatTheKernelSaidAndWhatWasCounted() {
        Instant since = hour.minusSeconds(30);
        for (int minute = 1; minute <= 5; minute++) {
            round(reading(minute, since, minute * 10L));
        }
        count();
        String path = "/tenants/" + tenant + "/usage/samples?container=" + id + "&from=" + hour;
        JsonNode first = admin.get(path + "&limit=2").json();
        assertThat(first.path("items").size()).isEqualTo(2);
        assertThat(first.path("items").get(1).path("cpuMicros").asLong()).isEqualTo(20);
        assertThat(first.path("items").get(1).path("cpuMicrosUsed").asLong()).isEqualTo(10);
        assertThat(first.path("items").get(1).path("readBytes").isNull()).isTrue();
        JsonNode rest = admin.get(path + "&limit=9&cursor=" + first.path("next").asString())
                .json();
        assertThat(rest.path("items").size()).isEqualTo(3);
        assertThat(rest.path("next").isNull()).isTrue();
    }

    @Test
    void whatWasUsedOutlivesItsContainer() {
        round(reading(1, hour.minusSeconds(30), 50));
        count();
        admin.finished(admin.delete("/tenants/" + tenant + "/containers/box"));
        assertThat(usage("&resolution=HOUR&container=" + id)
                        .get(0)
                        .path("cpuMicros")
                        .asLong())
                .isEqualTo(50);
    }

    @Test
    void aRoundThatNoClockCanHaveTakenIsNotCountedAndHoldsUpNone() {
        MeterRound wrong = platform.agent()
                .meter(
                        Instant.parse("2199-01-01T00:00:00Z"),
                        List.of(new MeterReading(
                                id,
                                Instant.parse("2199-01-01T00:00:00Z"),
                                null,
                                LIMITS,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null)));
        round(reading(1, hour.minusSeconds(30), 50));
        count();
        assertThat(usage("&resolution=HOUR").get(0).path("cpuMicros").asLong()).isEqualTo(50);
        assertThat(admin.get("/metering/nodes").response().body())
                .contains("\"firstNumber\":" + wrong.number(), "the node's clock is ahead");
    }

    @Test
    void oldPartsAreDroppedAndNewOnesMadeInTime() {
        JdbcClient jdbc = platform.bean(JdbcClient.class);
        jdbc.sql("create table if not exists meter_samples_20260101 partition of meter_samples"
                        + " for values from ('2026-01-01T00:00:00Z') to ('2026-01-02T00:00:00Z')")
                .update();
        platform.bean(Partitions.class).keep();
        List<String> parts = jdbc.sql(
                        "select inhrelid::regclass::text from pg_inherits where inhparent = 'meter_samples'::regclass")
                .query((row, number) -> row.getString(1))
                .list();
        assertThat(parts).doesNotContain("meter_samples_20260101");
        String tomorrow = Instant.now()
                .plus(1, ChronoUnit.DAYS)
                .toString()
                .substring(0, 10)
                .replace("-", "");
        assertThat(parts).contains("meter_samples_" + tomorrow);
    }

    @Test
    void wrongQuestionsNameTheFieldAndOthersUsageIsNobodys() {
        String usage = "/tenants/" + tenant + "/usage";
        assertThat(admin.get(usage + "?from=1000-01-01T00:00:00Z").text("field"))
                .isEqualTo("from");
        assertThat(admin.get(usage + "?to=%2B999999999-01-01T00:00:00Z").text("field"))
                .isEqualTo("to");
        assertThat(admin.get(usage + "?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z")
                        .text("field"))
                .isEqualTo("to");
        assertThat(admin.get(usage + "?resolution=WEEK").text("field")).isEqualTo("resolution");
        assertThat(admin.get(usage + "?cursor=x").text("field")).isEqualTo("cursor");
        assertThat(admin.get(usage + "/samples").text("field")).isEqualTo("container");
        String other = "t" + UUID.randomUUID().toString().substring(0, 8);
        admin.post("/tenants", "{\"name\":\"" + other + "\"}");
        assertThat(admin.get("/tenants/" + other + "/usage?container=" + id).status())
                .isEqualTo(404);
        assertThat(admin.get("/tenants/" + other + "/usage/samples?container=" + id)
                        .status())
                .isEqualTo(404);
    }
}
