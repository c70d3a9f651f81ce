// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.access.AccessRules;
import io.berth.core.access.Endpoint;
import io.berth.core.access.ForwardingRules;
import io.berth.core.access.Sources;
import io.berth.gateway.Harbour.Output;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The options of a key, as OpenSSH's client meets them. */
@Timeout(120)
class KeyRulesIT {
    @TempDir
    Path directory;

    private Harbour harbour;

    @BeforeEach
    void start() throws Exception {
        harbour = new Harbour(directory);
    }

    @AfterEach
    void stop() throws Exception {
        harbour.close();
    }

    private static AccessRules rules(Sources from, @Nullable Instant expiresAt, @Nullable String command, boolean pty) {
        return new AccessRules(from, expiresAt, command, pty, true, false, ForwardingRules.EVERYTHING);
    }

    @Test
    void forcedCommandRunsWhateverTheClientAsksFor() throws Exception {
        harbour.platform.rules = rules(Sources.EVERYWHERE, null, "echo forced [$SSH_ORIGINAL_COMMAND]", true);
        assertThat(harbour.ssh("demo@127.0.0.1", "id; cat /etc/shadow").stdout())
                .isEqualTo("forced [id; cat /etc/shadow]\n");
        assertThat(harbour.ssh("demo@127.0.0.1").stdout()).isEqualTo("forced []\n");
        Output terminal = harbour.ssh("-tt", "demo@127.0.0.1", "bash");
        assertThat(terminal.stdout()).isEqualTo("forced [bash]\r\n");
    }

    @Test
    void clientCannotSetTheOriginalCommandItself() throws Exception {
        harbour.platform.rules = rules(Sources.EVERYWHERE, null, "echo [$SSH_ORIGINAL_COMMAND]", true);
        assertThat(harbour.ssh("-o", "SetEnv=SSH_ORIGINAL_COMMAND=mine", "demo@127.0.0.1")
                        .stdout())
                .isEqualTo("[]\n");
    }

    @Test
    void withoutATerminalThereIsNone() throws Exception {
        harbour.platform.rules = rules(Sources.EVERYWHERE, null, null, false);
        Output output = harbour.ssh("-tt", "demo@127.0.0.1", "test -t 0 && echo terminal");
        assertThat(output.stdout()).isEmpty();
        assertThat(output.stderr()).contains("PTY allocation request failed");
        assertThat(harbour.ssh("demo@127.0.0.1", "test -t 0 || echo pipe").stdout())
                .isEqualTo("pipe\n");
        assertThat(harbour.ssh("exit 3\n".getBytes(UTF_8), "demo@127.0.0.1").status())
                .isEqualTo(3);
    }

    @Test
    void elsewhereIsRefusedWithoutAWordOfWhy() throws Exception {
        harbour.platform.rules = rules(Sources.of(List.of("127.0.0.0/8", "!127.0.0.2")), null, null, true);
        assertThat(harbour.ssh("demo@127.0.0.1", "true").status()).isZero();
        Output output = harbour.ssh("-b", "127.0.0.2", "demo@127.0.0.1", "true");
        assertThat(output.status()).isEqualTo(255);
        assertThat(output.stderr()).contains(Banner.NO_ACCESS.line()).doesNotContain("SOURCE");
    }

    @Test
    void expiredKeyIsRefused() throws Exception {
        harbour.platform.rules = rules(Sources.EVERYWHERE, Instant.now().plusSeconds(3600), null, true);
        assertThat(harbour.ssh("demo@127.0.0.1", "true").status()).isZero();
        harbour.platform.rules = rules(Sources.EVERYWHERE, Instant.now().minusSeconds(1), null, true);
        assertThat(harbour.ssh("demo@127.0.0.1", "true").stderr()).contains(Banner.NO_ACCESS.line());
    }

    @Test
    void plainKeyCannotShowAPinAndIsRefused() throws Exception {
        harbour.platform.rules =
                new AccessRules(Sources.EVERYWHERE, null, null, true, true, true, ForwardingRules.EVERYTHING);
        assertThat(harbour.ssh("demo@127.0.0.1", "true").stderr()).contains(Banner.NO_ACCESS.line());
    }

    @Test
    void onlyWhatIsPermittedIsForwarded() throws Exception {
        List<Endpoint> first = List.of(Endpoint.parse("127.0.0.1:1"));
        harbour.platform.rules = new AccessRules(
                Sources.EVERYWHERE,
                null,
                null,
                true,
                true,
                false,
                new ForwardingRules(true, false, true, first, first));
        assertThat(harbour.ssh("-W", "127.0.0.1:1", "demo@127.0.0.1").stderr()).contains("nobody listens there");
        assertThat(harbour.ssh("-W", "127.0.0.1:2", "demo@127.0.0.1").stderr())
                .contains("administratively prohibited", "the options of this key or certificate do not permit it");
        Output listening = harbour.ssh(
                "-o", "ExitOnForwardFailure=yes", "-R", "127.0.0.1:0:127.0.0.1:1", "demo@127.0.0.1", "true");
        assertThat(listening.stderr()).contains("remote port forwarding failed");
    }

    @Test
    void rulesThatChangeHoldForTheNextChannel() throws Exception {
        Path control = directory.resolve("c");
        Process master = new ProcessBuilder(
                        harbour.command(harbour.key, "-M", "-S", control.toString(), "demo@127.0.0.1", "cat"))
                .start();
        try {
            master.getOutputStream().write('x');
            master.getOutputStream().flush();
            assertThat(master.getInputStream().read()).isEqualTo('x');
            harbour.platform.rules = rules(Sources.EVERYWHERE, null, "echo forced", true);
            assertThat(harbour.ssh("-S", control.toString(), "-o", "ProxyCommand=false", "demo@127.0.0.1", "id")
                            .stdout())
                    .isEqualTo("forced\n");
        } finally {
            master.destroyForcibly().waitFor();
        }
    }
}
