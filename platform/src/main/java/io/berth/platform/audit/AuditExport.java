// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.audit;

import io.berth.platform.paging.Page;
import io.berth.platform.paging.Place;
import io.berth.platform.trail.TrailEntry;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Writes entries out, page by page, so that no export holds a transaction or a heap. */
@Component
class AuditExport {
    private static final String HEAD =
            "id,at,actor,credential,source,tenant,method,path,outcome,status,asked,before,after";

    private final AuditRows rows;
    private final JsonMapper json;

    AuditExport(AuditRows rows, JsonMapper json) {
        this.rows = rows;
        this.json = json;
    }

    /** How it is written. */
    enum Format {
        /** RFC 4180. */
        CSV("text/csv", "csv"),
        /** One JSON object a line. */
        JSON("application/x-ndjson", "ndjson");

        private final String mediaType;
        private final String suffix;

        Format(String mediaType, String suffix) {
            this.mediaType = mediaType;
            this.suffix = suffix;
        }
    }

    void write(AuditSearch search, Format format, HttpServletResponse response) throws IOException {
        response.setContentType(format.mediaType);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.setHeader("Content-Disposition", "attachment; filename=\"audit." + format.suffix + "\"");
        PrintWriter out = response.getWriter();
        if (format == Format.CSV) {
            out.print(HEAD + "\r\n");
        }
        String cursor = null;
        do {
            Place<TrailEntry> place = AuditRows.ORDERS.place(null, cursor);
            Page<TrailEntry> page = place.page(rows.list(search, place, Page.MOST), Page.MOST);
            page.items().forEach(entry -> out.print(line(entry, format)));
            cursor = page.next();
        } while (cursor != null && !out.checkError());
    }

    private String line(TrailEntry entry, Format format) {
        return format == Format.CSV ? row(entry) + "\r\n" : json.writeValueAsString(entry) + "\n";
    }

    private static String row(TrailEntry entry) {
        List<@Nullable Object> cells = Arrays.asList(
                entry.id(),
                entry.at(),
                entry.actor(),
                entry.credential(),
                entry.source(),
                entry.tenant(),
                entry.method(),
                entry.path(),
                entry.outcome(),
                entry.status(),
                entry.asked(),
                entry.before(),
                entry.after());
        return cells.stream().map(AuditExport::cell).collect(Collectors.joining(","));
    }

    /** In quotes; what a spreadsheet would take for a formula begins with an apostrophe (CWE-1236). */
    private static String cell(@Nullable Object value) {
        boolean isNothing = value == null || (value instanceof JsonNode node && node.isNull());
        String text = isNothing ? "" : String.valueOf(value);
        String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return "\"" + safe.replace("\"", "\"\"") + "\"";
    }
}
