// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What one check of the probe must be told: a line of probe.txt.
 *
 * @param answers for each of {@link Who}, those that are right
 * @param attack what somebody wants with it
 * @param reason why the answer is right
 */
record Expectation(String name, Map<Who, List<String>> answers, String attack, String reason) {
    /** Who tries. */
    enum Who {
        ROOT("root", "/usr/bin/probe"),
        USER("demo", "/usr/bin/probe"),
        NESTED_ROOT("demo", "/usr/bin/probe nested");

        final String user;
        final String command;

        Who(String user, String command) {
            this.user = user;
            this.command = command;
        }
    }

    private static final int COLUMNS = 6;

    /** By name, in the order of the file. */
    static Map<String, Expectation> load() throws IOException {
        Map<String, Expectation> all = new LinkedHashMap<>();
        try (InputStream in = Objects.requireNonNull(Expectation.class.getResourceAsStream("probe.txt"))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            text.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Expectation::parse)
                    .forEach(expectation -> {
                        if (all.put(expectation.name, expectation) != null) {
                            throw new IllegalStateException("probe.txt has " + expectation.name + " twice");
                        }
                    });
        }
        return all;
    }

    private static Expectation parse(String line) {
        String[] fields = line.split(" \\| ", -1);
        if (fields.length != COLUMNS) {
            throw new IllegalStateException("probe.txt: " + fields.length + " columns in: " + line);
        }
        return new Expectation(
                fields[0],
                Map.of(Who.ROOT, list(fields[1]), Who.USER, list(fields[2]), Who.NESTED_ROOT, list(fields[3])),
                fields[4],
                fields[5]);
    }

    private static List<String> list(String field) {
        return List.of(field.split(","));
    }

    boolean allows(Who who, String answer) {
        return answers.getOrDefault(who, List.of()).contains(answer);
    }

    String describe(Who who, String answer) {
        return "%s as %s: '%s' instead of %s; wanted for: %s; should be so because: %s"
                .formatted(name, who, answer, answers.get(who), attack, reason);
    }
}
