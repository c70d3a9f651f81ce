// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.List;
import java.util.Objects;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.util.HtmlUtils;

/**
 * An invoice as PDF. The renderer gets a page of our own making and nothing else: every text of a tenant's is escaped, and what a page might refer to, by
 * whatever address, is not fetched. Its letters are Liberation Sans, which PDFBox brings along.
 */
@Component
class InvoicePdf {
    private static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

    /** As a file to keep. */
    ResponseEntity<byte[]> answer(Invoice invoice, List<InvoiceLine> lines) {
        String name = invoice.number() == null ? "draft-" + invoice.month() : invoice.number();
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_PDF)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(name + ".pdf")
                                .build()
                                .toString())
                .body(of(invoice, lines));
    }

    byte[] of(Invoice invoice, List<InvoiceLine> lines) {
        var bytes = new ByteArrayOutputStream();
        try {
            new PdfRendererBuilder()
                    .withHtmlContent(page(invoice, lines), null)
                    .useFont(InvoicePdf::font, "Liberation")
                    .useUriResolver((base, address) -> null)
                    .toStream(bytes)
                    .run();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("rendering invoice " + invoice.id(), e);
        }
    }

    private static InputStream font() {
        return Objects.requireNonNull(PDDocument.class.getResourceAsStream(FONT));
    }

    private static String page(Invoice invoice, List<InvoiceLine> lines) {
        StringBuilder rows = new StringBuilder();
        lines.forEach(line -> rows.append(row(invoice, line)));
        return """
            <html><head><style>
            @page { size: A4; margin: 20mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt; } }
            body { font-family: Liberation; font-size: 9pt; }
            h1 { font-size: 15pt; font-weight: normal; }
            table { width: 100%%; border-collapse: collapse; }
            th { text-align: left; font-weight: normal; border-bottom: 1pt solid black; padding: 2pt 4pt 2pt 0; }
            td { vertical-align: top; padding: 2pt 4pt 2pt 0; border-bottom: 0.3pt solid #999; }
            .number { text-align: right; padding-right: 0; }
            .parties td { border: none; padding-bottom: 15pt; width: 50%%; }
            </style></head><body>
            <table class="parties"><tr><td>%s</td><td>%s</td></tr></table>
            <h1>%s</h1>
            <p>%s</p>
            <table><tr><th>What</th><th>From</th><th>Until</th><th class="number">Quantity</th><th>Unit</th><th class="number">%s</th></tr>
            %s
            <tr><td colspan="5">Net</td><td class="number">%s</td></tr>
            <tr><td colspan="5">%s</td><td class="number">%s</td></tr>
            <tr><td colspan="5">Total</td><td class="number">%s</td></tr>
            </table></body></html>
            """.formatted(
                party(invoice.issuer()),
                party(invoice.customer()),
                title(invoice),
                text("Month " + invoice.month() + ", tenant " + invoice.tenant()
                        + (invoice.finalAt() == null
                                ? ""
                                : ", issued " + invoice.finalAt().toString().substring(0, 10))
                        + (invoice.reason() == null ? "" : ". Reason: " + invoice.reason())),
                text(invoice.currency()),
                rows,
                money(invoice, invoice.net()),
                text(invoice.taxName()),
                money(invoice, invoice.tax()),
                money(invoice, invoice.total()));
    }

    private static String title(Invoice invoice) {
        String number = invoice.number();
        return switch (invoice.kind()) {
            case INVOICE -> number == null ? "Draft, no invoice" : "Invoice " + number;
            case CREDIT_NOTE -> "Credit note " + number;
        };
    }

    private static String row(Invoice invoice, InvoiceLine line) {
        String what = switch (line.kind()) {
            case FLAT -> "Monthly fee, plan " + line.plan();
            case USAGE -> String.valueOf(line.meter()).replace('_', ' ') + ", plan " + line.plan();
            case MINIMUM -> "Up to the minimum of plan " + line.plan();
            case CORRECTION -> "Correction";
        };
        return "<tr><td>%s</td><td>%s</td><td>%s</td><td class=\"number\">%s</td><td>%s</td><td class=\"number\">%s</td></tr>\n"
                .formatted(
                        text(what),
                        line.from(),
                        line.to().minusDays(1),
                        new BigDecimal(line.units())
                                .setScale(3, RoundingMode.HALF_UP)
                                .stripTrailingZeros()
                                .toPlainString(),
                        text(line.unit()),
                        money(invoice, line.amount()));
    }

    private static String party(Party party) {
        String taxId = party.taxId();
        return text(party.legalName()) + "<br/>" + text(party.street()) + "<br/>" + text(party.postalCode()) + " "
                + text(party.city()) + "<br/>" + text(party.country())
                + (taxId == null ? "" : "<br/>" + text(taxId));
    }

    private static String text(String text) {
        return HtmlUtils.htmlEscapeDecimal(text);
    }

    private static String money(Invoice invoice, long amount) {
        int digits = Currency.getInstance(invoice.currency()).getDefaultFractionDigits();
        return BigDecimal.valueOf(amount, digits).toPlainString();
    }
}
