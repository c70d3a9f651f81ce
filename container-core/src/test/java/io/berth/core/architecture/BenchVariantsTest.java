// SPDX-License-Identifier: Apache-2.0
package io.berth.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bench/isolation has in the place of classes of Berth's, which nothing but the bench compiles. */
class BenchVariantsTest {
    private static final Path VARIANTS = Checkout.HOME.resolve("bench/isolation");

    @TempDir
    private Path out;

    @Test
    void eachTakesThePlaceOfAClassThatIsThere() throws IOException {
        try (Stream<Path> variants = Files.list(VARIANTS)) {
            for (Path variant : variants.toList()) {
                List<Path> sources = Checkout.files(variant, ".java");
                assertThat(sources)
                        .as("%s", variant)
                        .isNotEmpty()
                        .allSatisfy(source -> assertThat(Checkout.HOME
                                        .resolve("container-core/src/main/java")
                                        .resolve(variant.relativize(source)))
                                .exists());
                assertThat(compile(sources)).as("%s", variant).isEmpty();
            }
        }
    }

    private String compile(List<Path> sources) {
        var messages = new ByteArrayOutputStream();
        List<String> arguments = new ArrayList<>(List.of("-nowarn", "-proc:none", "-d", out.toString(), "-cp"));
        arguments.add(System.getProperty("java.class.path"));
        sources.forEach(source -> arguments.add(source.toString()));
        Objects.requireNonNull(ToolProvider.getSystemJavaCompiler())
                .run(null, messages, messages, arguments.toArray(String[]::new));
        return messages.toString(StandardCharsets.UTF_8);
    }
}
