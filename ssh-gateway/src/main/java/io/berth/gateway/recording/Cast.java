// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.recording;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The lines of asciicast v2, https://docs.asciinema.org/manual/asciicast/v2/: a header, and an event each. */
final class Cast {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long MICROS = 1_000_000;

    private Cast() {}

    /** @param term the terminal's type */
    static byte[] header(Facts facts, String term) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("version", 2);
        header.put("width", facts.columns());
        header.put("height", facts.rows());
        header.put("timestamp", facts.startedAt().getEpochSecond());
        if (facts.title() != null) {
            header.put("command", facts.title());
        }
        header.put("title", facts.guestUser() + "@" + facts.container());
        header.put("env", Map.of("TERM", term));
        return (JSON.writeValueAsString(header) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** @param code o for output, i for input, r for a new size */
    static byte[] event(Duration since, char code, String data) {
        long micros = Math.max(0, since.toNanos() / 1000);
        String fraction = Long.toString(MICROS + micros % MICROS).substring(1);
        return ("[" + micros / MICROS + "." + fraction + ", \"" + code + "\", " + JSON.writeValueAsString(data) + "]\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
