// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.gateway.Harbour.Output;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What ssh-audit, as Debian packages it, thinks of what the gateway offers. */
@Timeout(120)
class SshAuditIT {
    /** Post-quantum hybrids, which that policy is too old for, and two that are no key exchange (RFC 8308, CVE-2023-48795). */
    private static final List<String> NEWER = List.of(
            "mlkem768x25519-sha256",
            "sntrup761x25519-sha512",
            "sntrup761x25519-sha512@openssh.com",
            "ext-info-s",
            "kex-strict-s-v00@openssh.com");

    @TempDir
    Path directory;

    private Harbour harbour;

    @BeforeEach
    void start() throws Exception {
        assertThat(Path.of("/usr/bin/ssh-audit")).as("./berth test installs it").isExecutable();
        harbour = new Harbour(directory, Map.of("BERTH_SSH_PER_SOURCE_PENALTIES", "no"));
    }

    @AfterEach
    void stop() throws Exception {
        if (harbour != null) {
            harbour.close();
        }
    }

    private Output audit(String... options) throws Exception {
        List<String> line = new ArrayList<>(List.of("ssh-audit"));
        line.addAll(List.of(options));
        line.addAll(List.of("-p", Integer.toString(harbour.port()), "127.0.0.1"));
        return Harbour.run(line, new byte[0]);
    }

    /** A server that passes has all of it, to the letter; here there is less of each, and what is newer. */
    private static String newestPolicy() throws Exception {
        return Harbour.run(List.of("ssh-audit", "-n", "-L"), new byte[0])
                .stdout()
                .lines()
                .filter(line -> line.contains("\"Hardened OpenSSH Server v"))
                .map(line -> line.substring(line.indexOf('"') + 1, line.lastIndexOf('"')))
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    @Test
    void nothingIsOfferedThatTheHardenedPolicyDoesNotHave() throws Exception {
        String policy = newestPolicy();
        JsonNode verdict =
                JsonMapper.shared().readTree(audit("-j", "-P", policy).stdout());
        assertThat(verdict.path("policy").asString()).isEqualTo(policy);
        for (JsonNode error : verdict.path("errors")) {
            List<String> known = new ArrayList<>(NEWER);
            error.path("expected_required").forEach(name -> known.add(name.asString()));
            error.path("expected_optional").forEach(name -> known.add(name.asString()));
            assertThat(error.path("actual").valueStream().map(JsonNode::asString))
                    .as(error.toString())
                    .isSubsetOf(known);
        }
    }

    @Test
    void nothingFailsAndWhatIsWarnedOfIsNewerThanTheTool() throws Exception {
        String said = audit("-n", "-b").stdout();
        assertThat(said)
                .contains("(kex) curve25519-sha256", "(key) ssh-ed25519")
                .doesNotContain("[fail]");
        assertThat(said.lines().filter(line -> line.contains("[warn]")))
                .allMatch(line -> NEWER.stream().anyMatch(line::contains));
    }
}
