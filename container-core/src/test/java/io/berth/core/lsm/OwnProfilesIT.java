// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The profiles of Berth's own processes, read by apparmor_parser(8), which needs no AppArmor in the kernel for that. */
class OwnProfilesIT {
    private static final Path PROFILES = Path.of("../config/apparmor");

    @ParameterizedTest
    @ValueSource(strings = {"berth-agent", "berth-gateway", "berth-platform"})
    void theParserUnderstandsIt(String profile) throws IOException, InterruptedException {
        Process parser = new ProcessBuilder(List.of(
                        "apparmor_parser",
                        "--skip-kernel-load",
                        "--skip-cache",
                        PROFILES.resolve(profile).toString()))
                .redirectErrorStream(true)
                .start();
        String said = new String(parser.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(parser.waitFor()).as(said).isZero();
    }
}
