// SPDX-License-Identifier: Apache-2.0
package io.berth.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** docs/SECURITY.md says what is defended by naming a test: a promise whose test has gone is none. */
class SecurityPageTest {
    private static final Path PAGE = Checkout.HOME.resolve("docs/SECURITY.md");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:IT|Test))(?:\\.(\\w+))?`");

    /** What is defended by not being there has nothing to run. */
    private static final List<String> WITHOUT_A_TEST = List.of("sshd in the guest (regreSSHion)");

    @Test
    void everyTestThatItNamesExists() throws IOException {
        List<Path> tests = tests();
        List<String> missing = new ArrayList<>();
        Matcher named = TEST.matcher(Files.readString(PAGE));
        while (named.find()) {
            if (!exists(tests, named.group(1), named.group(2))) {
                missing.add(named.group());
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyClassOfAttackHasATest() throws IOException {
        List<String> rows = Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.startsWith("| class |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        assertThat(rows).hasSizeGreaterThan(10);
        assertThat(rows)
                .filteredOn(row -> WITHOUT_A_TEST.stream().noneMatch(row::contains))
                .allMatch(row -> TEST.matcher(row).find() || row.contains("web/e2e/"));
    }

    private static List<Path> tests() throws IOException {
        List<Path> tests = new ArrayList<>();
        for (String module : List.of("container-core", "ssh-gateway", "platform", "tests")) {
            tests.addAll(Checkout.files(Checkout.HOME.resolve(module + "/src/test"), ".java"));
        }
        return tests;
    }

    private static boolean exists(List<Path> tests, String type, @Nullable String method) throws IOException {
        for (Path test : tests) {
            if (test.endsWith(type + ".java")
                    && (method == null || Files.readString(test).contains("void " + method + "("))) {
                return true;
            }
        }
        return false;
    }
}
