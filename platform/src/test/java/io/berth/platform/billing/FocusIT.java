// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedPlatform.class)
class FocusIT {
    /** What FOCUS 1.2 says that every data set has. */
    private static final List<String> MANDATORY = List.of(
            "BilledCost",
            "BillingAccountId",
            "BillingAccountName",
            "BillingCurrency",
            "BillingPeriodEnd",
            "BillingPeriodStart",
            "ChargeCategory",
            "ChargeClass",
            "ChargeDescription",
            "ChargePeriodEnd",
            "ChargePeriodStart",
            "ContractedCost",
            "EffectiveCost",
            "InvoiceIssuerName",
            "ListCost",
            "PricingQuantity",
            "PricingUnit",
            "ProviderName",
            "PublisherName",
            "ServiceCategory",
            "ServiceName");

    private final YearMonth last = YearMonth.from(LocalDate.now(ZoneOffset.UTC)).minusMonths(1);
    private final Api admin;
    private final BilledTenant tenant;

    FocusIT(RunningPlatform platform) {
        this.admin = platform.adminToken();
        this.tenant = new BilledTenant(platform);
    }

    /** Texts here have no commas; what is quoted is so as a whole. */
    private List<Map<String, String>> rows(String path) {
        Api.Answer answer = admin.get(path + "?month=" + last);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("text/csv");
        assertThat(answer.header("Content-Disposition")).contains("focus-1.2-");
        List<String> lines = answer.response().body().lines().toList();
        List<String> columns = Arrays.asList(lines.getFirst().split(",", -1));
        assertThat(columns).isSorted().containsAll(MANDATORY);
        return lines.stream()
                .skip(1)
                .map(line -> {
                    String[] cells = line.split(",", -1);
                    assertThat(cells).hasSameSizeAs(columns);
                    Map<String, String> row = new HashMap<>();
                    for (int i = 0; i < cells.length; i++) {
                        row.put(columns.get(i), cells[i].replaceAll("^\"|\"$", ""));
                    }
                    return row;
                })
                .toList();
    }

    private static BigDecimal sum(List<Map<String, String>> rows, String column) {
        return rows.stream()
                .map(row -> new BigDecimal(row.getOrDefault(column, "0")))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    @Test
    void rowsAddUpToTheInvoiceAsADraftAndAsItIsFinal() {
        tenant.sends(last.atDay(3), 7);
        tenant.sends(last.atDay(4), 5);
        admin.put(tenant.path + "/tax", "{\"name\":\"VAT 19%\",\"basisPoints\":1900}");
        List<Map<String, String>> draft = rows(tenant.path + "/focus");
        assertThat(draft).hasSize(3).allSatisfy(row -> assertThat(row).containsEntry("InvoiceId", ""));
        assertThat(sum(draft, "BilledCost")).isEqualByComparingTo("14.28");
        assertThat(draft.getFirst())
                .containsEntry("ChargeCategory", "Usage")
                .containsEntry("ConsumedQuantity", "7")
                .containsEntry("ConsumedUnit", "GiB")
                .containsEntry("BilledCost", "7.00")
                .containsEntry("ChargePeriodStart", last.atDay(3) + "T00:00:00Z")
                .containsEntry("ChargePeriodEnd", last.atDay(4) + "T00:00:00Z")
                .containsEntry("BillingAccountName", tenant.name);
        assertThat(draft.getLast()).containsEntry("ChargeCategory", "Tax").containsEntry("BilledCost", "2.28");

        String id = admin.post(tenant.path + "/invoices", "{\"month\":\"" + last + "\"}")
                .json()
                .path("items")
                .path(0)
                .path("id")
                .asString();
        String number =
                admin.post(tenant.path + "/invoices/" + id + "/close", null).text("number");
        admin.post(tenant.path + "/invoices/" + id + "/credit-notes", "{\"amount\":119,\"reason\":\"an hour\"}");
        List<Map<String, String>> closed = rows(tenant.path + "/focus");
        assertThat(closed).hasSize(5);
        assertThat(closed.getFirst()).containsEntry("InvoiceId", number);
        assertThat(closed.getLast())
                .containsEntry("ChargeClass", "Correction")
                .extractingByKey("InvoiceId")
                .asString()
                .startsWith("CN-");
        assertThat(sum(closed, "BilledCost")).isEqualByComparingTo("13.09");
        assertThat(rows("/focus").stream().filter(row -> tenant.name.equals(row.get("BillingAccountName"))))
                .hasSize(5);
    }

    @Test
    void whoMayNotSeeCostsGetsNone() {
        assertThat(tenant.member("MEMBER")
                        .get(tenant.path + "/focus?month=" + last)
                        .status())
                .isEqualTo(403);
        assertThat(tenant.member("BILLING")
                        .get(tenant.path + "/focus?month=" + last)
                        .status())
                .isEqualTo(200);
        assertThat(tenant.member("OWNER").get("/focus?month=" + last).status()).isEqualTo(403);
        assertThat(admin.get("/focus?month=2026-13").text("field")).isEqualTo("month");
        assertThat(admin.get("/focus").text("field")).isEqualTo("month");
    }
}
