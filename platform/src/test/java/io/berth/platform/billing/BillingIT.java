// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Prices, invoices and the ledger over REST, in a real database. */
@ExtendWith(SharedPlatform.class)
class BillingIT {
    private static final long GIB = 1L << 30;

    private final YearMonth last = YearMonth.from(LocalDate.now(ZoneOffset.UTC)).minusMonths(1);
    private final RunningPlatform platform;
    private final Api admin;
    private final JdbcClient jdbc;
    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String tenant = "t" + suffix;
    private final String path = "/tenants/" + tenant;
    private UUID tenantId = new UUID(0, 0);

    BillingIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
        this.jdbc = platform.bean(JdbcClient.class);
    }

    @BeforeEach
    void makeTenantWithPlan() {
        admin.post("/tenants", "{\"name\":\"" + tenant + "\"}");
        tenantId = UUID.fromString(admin.get(path).text("id"));
        admin.post("/price-books", "{\"name\":\"b" + suffix + "\",\"currency\":\"EUR\"}");
        assertThat(admin.post("/price-books/b" + suffix + "/versions", """
                                {"prices":[
                                  {"meter":"VCPU","granularity":"HOUR","tiers":[{"unitPrice":"0.01"}]},
                                  {"meter":"SENT","included":"10","tiers":[{"upTo":"100","unitPrice":"0.09"},{"unitPrice":"0.05"}]}]}
                                """)
                        .json()
                        .path("version")
                        .asInt())
                .isEqualTo(1);
        plan("p" + suffix, 500, 0);
        assertThat(admin.put(path + "/plan", "{\"plan\":\"p" + suffix + "\",\"from\":\"2026-01-01\"}")
                        .status())
                .isEqualTo(200);
    }

    private void plan(String name, long flat, long minimum) {
        assertThat(admin.post(
                                "/plans",
                                "{\"name\":\"" + name + "\",\"book\":\"b" + suffix + "\",\"version\":1,\"flatMonthly\":"
                                        + flat + ",\"minimumMonthly\":" + minimum + "}")
                        .status())
                .isEqualTo(201);
    }

    /** Two CPUs for half of each of so many hours of a day, and so much sent. */
    private void use(LocalDate day, int hours, long sentGib) {
        UUID container = UUID.randomUUID();
        for (String table : List.of("usage_hours", "usage_days")) {
            jdbc.sql("create table if not exists " + table + "_"
                            + day.toString().substring(0, 7).replace("-", "")
                            + " partition of " + table + " for values from ('" + day.withDayOfMonth(1)
                            + "T00:00:00Z') to ('" + day.withDayOfMonth(1).plusMonths(1) + "T00:00:00Z')")
                    .update();
        }
        for (int hour = 0; hour < hours; hour++) {
            row("usage_hours", "hour", container, day + "T" + "%02d".formatted(hour) + ":00:00Z", 1800, 0);
        }
        row("usage_days", "day", container, day + "T00:00:00Z", 1800 * hours, sentGib * GIB);
    }

    private void row(String table, String column, UUID container, String at, int seconds, long sent) {
        jdbc.sql("insert into " + table + " (container_id, " + column + """
                        , tenant_id, samples, resets, seconds, running_seconds, gap_seconds, cpu_micros, vcpu_milli_seconds,
                            memory_byte_seconds, memory_limit_byte_seconds, disk_byte_seconds, received_bytes, sent_bytes,
                            read_bytes, written_bytes)
                        values (:container, cast(:at as timestamptz), :tenant, 1, 0, :seconds, :seconds, 0, 0, :vcpu, 0, 0, 0, 0, :sent, 0, 0)
                        """)
                .param("container", container)
                .param("at", at)
                .param("tenant", tenantId)
                .param("seconds", seconds)
                .param("vcpu", 2000L * seconds)
                .param("sent", sent)
                .update();
    }

    private JsonNode draft(YearMonth month) {
        Api.Answer answer = admin.post(path + "/invoices", "{\"month\":\"" + month + "\"}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json().path("items").path(0);
    }

    private Api.Answer close(String id) {
        return admin.post(path + "/invoices/" + id + "/close", null);
    }

    private String closed() {
        String id = draft(last).path("id").asString();
        Api.Answer answer = close(id);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return id;
    }

    private Api member(String role) {
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        String password = "a long enough password";
        admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}");
        admin.put(path + "/members/" + name, "{\"role\":\"" + role + "\"}");
        return Api.basic(platform.address(), name, password);
    }

    @Test
    void anInvoiceIsItsLinesAndALineItsDays() {
        use(last.atDay(3), 10, 60);
        use(last.atDay(4), 5, 100);
        admin.put(path + "/tax", "{\"name\":\"VAT 19%\",\"basisPoints\":1900}");
        JsonNode draft = draft(last);
        String id = draft.path("id").asString();
        JsonNode lines = admin.get(path + "/invoices/" + id + "/lines").json().path("items");
        assertThat(lines.valueStream().map(line -> line.path("kind").asString()))
                .containsExactly("FLAT", "USAGE", "USAGE");
        // 15 begun hours of two CPUs; 160 GiB of which 10 are included, 100 at 9 cents and 50 at 5
        assertThat(lines.valueStream().map(line -> line.path("amount").asLong()))
                .containsExactly(500L, 30L, 1150L);
        assertThat(lines.get(1).path("units").asString()).isEqualTo("30");
        assertThat(draft.path("net").asLong()).isEqualTo(1680);
        assertThat(draft.path("tax").asLong()).isEqualTo(319);
        assertThat(draft.path("total").asLong()).isEqualTo(1999);
        assertThat(draft.path("number").isNull()).isTrue();
        for (JsonNode line : lines) {
            JsonNode days = admin.get(path + "/invoices/" + id + "/lines/"
                            + line.path("line").asInt() + "/days")
                    .json()
                    .path("items");
            assertThat(days.size()).isEqualTo(last.lengthOfMonth());
            assertThat(days.valueStream()
                            .mapToLong(day -> day.path("amount").asLong())
                            .sum())
                    .isEqualTo(line.path("amount").asLong());
        }
        use(last.atDay(5), 1, 0);
        assertThat(draft(last).path("id").asString()).isEqualTo(id);
        assertThat(draft(last).path("net").asLong()).isEqualTo(1682);
    }

    @Test
    void whatIsFinalNeverChangesNotEvenByTheDatabasesOwnHand() {
        use(last.atDay(3), 10, 0);
        String id = closed();
        long net = admin.get(path + "/invoices/" + id).json().path("net").asLong();
        use(last.atDay(4), 10, 0);
        assertThat(draft(last).path("net").asLong()).isEqualTo(net);
        assertThat(close(id).json().path("net").asLong()).isEqualTo(net);
        for (String change : List.of(
                "update invoices set net = 0, total = tax where id = ?",
                "delete from invoices where id = ?",
                "update invoice_lines set amount = 1 where invoice_id = ?",
                "delete from invoice_days where invoice_id = ?",
                "insert into invoice_days select invoice_id, line, date '2020-01-01', 1, 1 from invoice_lines where invoice_id = ?")) {
            assertThatThrownBy(() -> jdbc.sql(change).param(UUID.fromString(id)).update())
                    .as(change)
                    .isInstanceOf(DataAccessException.class)
                    .hasMessageContaining("final");
        }
        assertThat(admin.put(path + "/plan", "{\"from\":\"" + last.atDay(9) + "\"}")
                        .text("field"))
                .isEqualTo("from");
    }

    @Test
    void pricesAndPlansNeverChange() {
        for (String change : List.of(
                "update price_book_versions set prices = '[]'",
                "delete from price_book_versions",
                "update price_books set currency = 'USD'",
                "update plans set flat_monthly = 1")) {
            assertThatThrownBy(() -> jdbc.sql(change).update())
                    .as(change)
                    .isInstanceOf(DataAccessException.class)
                    .hasMessageContaining("never change");
        }
        assertThat(admin.post("/price-books/b" + suffix + "/versions", "{\"rounding\":\"DOWN\",\"prices\":[]}")
                        .json()
                        .path("version")
                        .asInt())
                .isEqualTo(2);
        assertThat(admin.get("/price-books/b" + suffix + "/versions/1")
                        .json()
                        .path("prices")
                        .size())
                .isEqualTo(2);
    }

    @Test
    void numbersHaveNoGapsThoughManyAreTakenAtOnceAndSomeGivenBack() {
        List<String> tenants = IntStream.range(0, 8)
                .mapToObj(i -> {
                    String name = "n" + i + suffix;
                    admin.post("/tenants", "{\"name\":\"" + name + "\"}");
                    admin.put("/tenants/" + name + "/plan", "{\"plan\":\"p" + suffix + "\",\"from\":\"2026-01-01\"}");
                    return name;
                })
                .toList();
        TransactionTemplate transaction = platform.bean(TransactionTemplate.class);
        List<CompletableFuture<Integer>> all = tenants.stream()
                .map(name -> CompletableFuture.supplyAsync(() -> {
                    String id = admin.post("/tenants/" + name + "/invoices", "{\"month\":\"" + last + "\"}")
                            .json()
                            .path("items")
                            .path(0)
                            .path("id")
                            .asString();
                    transaction.executeWithoutResult(
                            status -> { // one that fails at the last moment
                                jdbc.sql(
                                                "update invoice_series set next_number = next_number + 1 where name = 'INVOICE'")
                                        .update();
                                status.setRollbackOnly();
                            });
                    return admin.post("/tenants/" + name + "/invoices/" + id + "/close", null)
                            .status();
                }))
                .toList();
        assertThat(all.stream().map(CompletableFuture::join)).containsOnly(200);
        assertThat(jdbc.sql("select count(*) = max(number) and min(number) = 1 from invoices where kind = 'INVOICE'"
                                + " and state = 'FINAL'")
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    @Test
    void theLedgerBalancesAndTheDatabaseRefusesWhatDoesNot() {
        use(last.atDay(3), 10, 60);
        admin.put(path + "/tax", "{\"name\":\"VAT 19%\",\"basisPoints\":1900}");
        admin.post(path + "/credits", "{\"currency\":\"EUR\",\"amount\":100,\"reason\":\"welcome\"}");
        String id = closed();
        JsonNode invoice = admin.get(path + "/invoices/" + id).json();
        long total = invoice.path("total").asLong();
        assertThat(invoice.path("due").asLong()).isEqualTo(total - 100);
        String payments = path + "/invoices/" + id + "/payments";
        assertThat(admin.post(payments, "{\"amount\":" + total + ",\"reference\":\"too much\"}")
                        .text("field"))
                .isEqualTo("amount");
        Api.Answer note = admin.post(
                path + "/invoices/" + id + "/credit-notes", "{\"amount\":119,\"reason\":\"an hour without network\"}");
        assertThat(note.status()).as(note.toString()).isEqualTo(201);
        assertThat(note.json().path("net").asLong()).isEqualTo(100);
        assertThat(note.text("number")).startsWith("CN-");
        Api keyed = admin.with("Idempotency-Key", "pay-" + suffix);
        long rest = total - 219;
        for (int i = 0; i < 2; i++) {
            assertThat(keyed.post(payments, "{\"amount\":" + rest + ",\"reference\":\"bank 17\"}")
                            .json()
                            .path("due")
                            .asLong())
                    .isZero();
        }
        assertThat(admin.post(path + "/invoices/" + id + "/credit-notes", "{\"amount\":" + total + ",\"reason\":\"x\"}")
                        .text("field"))
                .isEqualTo("amount");
        JsonNode balance = admin.get(path + "/balance").json().path("items").get(0);
        assertThat(balance.path("credit").asLong()).isZero();
        assertThat(balance.path("due").asLong()).isZero();
        assertThat(jdbc.sql("select coalesce(sum(amount), 0) from ledger_postings")
                        .query(Long.class)
                        .single())
                .isZero();
        TransactionTemplate transaction = platform.bean(TransactionTemplate.class);
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                    UUID entry = UUID.randomUUID();
                    jdbc.sql(
                                    "insert into ledger_entries (id, kind, tenant_id, currency) values (?, 'CREDIT', ?, 'EUR')")
                            .params(entry, tenantId)
                            .update();
                    jdbc.sql("insert into ledger_postings values (?, 'CREDIT', -5), (?, 'PROMOTION', 4)")
                            .params(entry, entry)
                            .update();
                }))
                .hasStackTraceContaining("not balanced");
        assertThatThrownBy(() -> jdbc.sql("update ledger_postings set amount = amount + 1")
                        .update())
                .hasStackTraceContaining("only ever added to");
    }

    @Test
    void aMonthThatIsNotOverOrNotCountedCannotBeClosed() {
        YearMonth now = YearMonth.from(LocalDate.now(ZoneOffset.UTC));
        Api.Answer early = close(draft(now).path("id").asString());
        assertThat(early.status()).isEqualTo(409);
        assertThat(early.text("detail")).contains("is not over");
        String id = draft(last).path("id").asString();
        jdbc.sql("insert into meter_unrolled values (cast(:hour as timestamptz))")
                .param("hour", last.atDay(1) + "T00:00:00Z")
                .update();
        Api.Answer open = close(id);
        jdbc.sql("delete from meter_unrolled where hour = cast(:hour as timestamptz)")
                .param("hour", last.atDay(1) + "T00:00:00Z")
                .update();
        assertThat(open.status()).isEqualTo(409);
        assertThat(open.text("detail")).contains("still being counted");
    }

    @Test
    void aPlanThatChangesWithinAMonthSharesItsFeeOut() {
        plan("q" + suffix, 3100, 0);
        admin.put(path + "/plan", "{\"plan\":\"q" + suffix + "\",\"from\":\"" + last.atDay(11) + "\"}");
        String id = draft(last).path("id").asString();
        JsonNode lines = admin.get(path + "/invoices/" + id + "/lines").json().path("items");
        long days = last.lengthOfMonth();
        assertThat(lines.get(0).path("amount").asLong()).isEqualTo(Math.round(5000.0 / days));
        assertThat(lines.get(0).path("to").asString()).isEqualTo(last.atDay(11).toString());
        assertThat(lines.get(3).path("amount").asLong()).isEqualTo(Math.round(3100.0 * (days - 10) / days));
    }

    @Test
    void anInvoiceIsAPdfThatShowsWhatIsDueAndRunsNothingOfATenants() throws IOException, InterruptedException {
        use(last.atDay(3), 10, 60);
        assertThat(admin.put(path + "/billing-profile", """
                                {"legalName":"Ärger & <img src='file:///etc/passwd'/> Łódź","street":"1 High Street","postalCode":"1","city":"X","country":"DE"}
                                """).status()).isEqualTo(200);
        String id = closed();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(platform.address() + "/api/v1" + path + "/invoices/" + id + "/pdf"))
                .header("Authorization", admin.headers().getOrDefault("Authorization", ""))
                .build();
        byte[] pdf = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofByteArray())
                .body();
        try (PDDocument document = Loader.loadPDF(pdf)) {
            String text = new PDFTextStripper().getText(document);
            assertThat(text)
                    .contains("Invoice " + admin.get(path + "/invoices/" + id).text("number"))
                    .contains("Ärger & <img src='file:///etc/passwd'/> Łódź")
                    .contains("9.70", "VCPU")
                    .doesNotContain("root:");
        }
    }

    @Test
    void ownersSeeAndOperatorsSet() {
        Api owner = member("OWNER");
        Api other = member("MEMBER");
        String id = draft(last).path("id").asString();
        for (String what : List.of("/invoices", "/invoices/" + id, "/plan", "/balance", "/forecast", "/tax")) {
            assertThat(owner.get(path + what).status()).as(what).isEqualTo(200);
            assertThat(other.get(path + what).status()).as(what).isEqualTo(403);
        }
        assertThat(owner.post(path + "/invoices", "{\"month\":\"" + last + "\"}")
                        .status())
                .isEqualTo(403);
        assertThat(owner.post(path + "/invoices/" + id + "/close", null).status())
                .isEqualTo(403);
        assertThat(owner.put(path + "/tax", "{\"name\":\"none\",\"basisPoints\":0}")
                        .status())
                .isEqualTo(403);
        assertThat(owner.put(path + "/plan", "{\"from\":\"2026-01-01\"}").status())
                .isEqualTo(403);
        assertThat(owner.post(path + "/credits", "{\"currency\":\"EUR\",\"amount\":1,\"reason\":\"me\"}")
                        .status())
                .isEqualTo(403);
        assertThat(owner.get("/plans").status()).isEqualTo(403);
        String others = "o" + suffix;
        admin.post("/tenants", "{\"name\":\"" + others + "\"}");
        assertThat(admin.get("/tenants/" + others + "/invoices/" + id).status()).isEqualTo(404);
        assertThat(admin.get("/tenants/" + others + "/invoices/" + id + "/pdf").status())
                .isEqualTo(404);
    }

    @Test
    void whatAContainerWouldCostIsToldBeforeItIsMade() {
        Api.Answer estimate = admin.post(
                path + "/price-estimates", "{\"memoryBytes\":1073741824,\"milliCpus\":1000,\"sentBytes\":0}");
        assertThat(estimate.status()).as(estimate.toString()).isEqualTo(200);
        int days = YearMonth.from(LocalDate.now(ZoneOffset.UTC)).lengthOfMonth();
        assertThat(estimate.json().path("added").asLong()).isEqualTo(days * 24L);
        assertThat(estimate.json().path("with").asLong()).isEqualTo(500 + days * 24L);
        JsonNode forecast = admin.get(path + "/forecast").json().path("items").get(0);
        assertThat(forecast.path("whole").asLong()).isEqualTo(500);
        admin.put(path + "/plan", "{\"from\":\"" + LocalDate.now(ZoneOffset.UTC) + "\"}");
        assertThat(admin.post(path + "/price-estimates", "{\"memoryBytes\":1073741824,\"milliCpus\":1000}")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void aPriceThatMakesNoSenseIsNamed() {
        String versions = "/price-books/b" + suffix + "/versions";
        assertThat(admin.post(
                                versions,
                                "{\"prices\":[{\"meter\":\"SENT\",\"granularity\":\"HOUR\",\"tiers\":[{\"unitPrice\":\"1\"}]}]}")
                        .text("field"))
                .isEqualTo("prices.0");
        assertThat(admin.post(versions, "{\"prices\":[{\"meter\":\"SENT\",\"tiers\":[{\"unitPrice\":\"-1\"}]}]}")
                        .text("field"))
                .contains("unitPrice");
        assertThat(admin.post(versions, """
                                {"prices":[{"meter":"SENT","tiers":[{"unitPrice":"1"}]},{"meter":"SENT","tiers":[{"unitPrice":"1"}]}]}
                                """).text("field")).isEqualTo("prices");
        assertThat(admin.post("/price-books", "{\"name\":\"x" + suffix + "\",\"currency\":\"XXX\"}")
                        .text("field"))
                .isEqualTo("currency");
        assertThat(admin.put(path + "/plan", "{\"from\":\"2026-02-30\"}").text("field"))
                .isEqualTo("from");
    }
}
