// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One repository of apt's, see sources.list(5).
 *
 * @param signedBy the option's value, empty when it is missing
 */
record AptSource(String uri, List<String> suites, List<String> components, String signedBy) {
    private static final Pattern LINE = Pattern.compile("deb\\s+(?:\\[([^]]*)]\\s*)?(\\S+)\\s+(\\S+)\\s+(.+)");
    private static final Pattern SIGNED_BY = Pattern.compile("signed-by=(\\S+)", Pattern.CASE_INSENSITIVE);
    private static final Set<String> SUITES = Set.of(
            "bullseye",
            "bookworm",
            "trixie",
            "forky",
            "sid",
            "unstable",
            "testing",
            "stable",
            "oldstable",
            "oldoldstable");

    static List<AptSource> parse(List<String> lines, boolean deb822) {
        return deb822 ? parseDeb822(lines) : parseOneLine(lines);
    }

    private static List<AptSource> parseOneLine(List<String> lines) {
        List<AptSource> sources = new ArrayList<>();
        for (String line : lines) {
            Matcher matcher = LINE.matcher(line.replaceFirst("#.*", "").strip());
            if (matcher.matches()) {
                Matcher signed = SIGNED_BY.matcher(matcher.group(1) == null ? "" : matcher.group(1));
                sources.add(new AptSource(
                        matcher.group(2),
                        List.of(matcher.group(3)),
                        words(matcher.group(4)),
                        signed.find() ? signed.group(1) : ""));
            }
        }
        return sources;
    }

    private static List<AptSource> parseDeb822(List<String> lines) {
        List<AptSource> sources = new ArrayList<>();
        Map<String, String> stanza = new HashMap<>();
        String field = "";
        for (String line : lines) {
            if (line.isBlank()) {
                addTo(sources, stanza);
                stanza.clear();
            } else if (Character.isWhitespace(line.charAt(0))) {
                stanza.merge(field, line, (before, more) -> before + " " + more.strip());
            } else if (!line.startsWith("#") && line.contains(":")) {
                field = line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
                stanza.put(field, line.substring(line.indexOf(':') + 1).strip());
            }
        }
        addTo(sources, stanza);
        return sources;
    }

    private static void addTo(List<AptSource> sources, Map<String, String> stanza) {
        boolean isOn = !stanza.getOrDefault("enabled", "yes").equalsIgnoreCase("no");
        if (isOn && words(stanza.getOrDefault("types", "")).contains("deb")) {
            for (String uri : words(stanza.getOrDefault("uris", ""))) {
                sources.add(new AptSource(
                        uri,
                        words(stanza.getOrDefault("suites", "")),
                        words(stanza.getOrDefault("components", "")),
                        stanza.getOrDefault("signed-by", "")));
            }
        }
    }

    boolean hasArchive() {
        return components.contains("main") && suites.stream().anyMatch(SUITES::contains);
    }

    boolean hasSecurity() {
        return components.contains("main")
                && suites.stream()
                        .anyMatch(suite -> suite.endsWith("-security")
                                && SUITES.contains(suite.substring(0, suite.length() - "-security".length())));
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.strip().split("\\s+", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
