// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.process.Account;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.PtyRequest;
import io.berth.core.spec.GuestUser;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LoginPlanTest {
    private static final Account ANN = new Account("ann", 1000, 1000, List.of(1000, 27), "/home/ann", "/bin/zsh");
    private static final Account ROOT = new Account("root", 0, 0, List.of(0), "/root", "/bin/bash");

    @Test
    void shellIsALoginShellWithoutCommand() {
        assertThat(LoginPlan.argv(ANN, request(null, null, Map.of()))).containsExactly("-zsh");
    }

    @Test
    void commandIsOneArgumentOfTheShell() {
        assertThat(LoginPlan.argv(ROOT, request("echo \"a b\"; exit", null, Map.of())))
                .containsExactly("bash", "-c", "echo \"a b\"; exit");
    }

    @Test
    void clientCannotChooseWhoItIs() {
        Map<String, String> sent =
                Map.of("HOME", "/evil", "USER", "root", "PATH", "/evil", "SHELL", "/x", "LANG", "C.UTF-8");
        assertThat(LoginPlan.environment(ANN, request(null, null, sent), null))
                .contains("HOME=/home/ann", "USER=ann", "LOGNAME=ann", "SHELL=/bin/zsh", "LANG=C.UTF-8")
                .noneMatch(variable -> variable.contains("evil"));
    }

    @Test
    void onlyRootFindsTheAdministratorsPrograms() {
        assertThat(LoginPlan.environment(ROOT, request(null, null, Map.of()), null))
                .anyMatch(v -> v.contains("/usr/sbin"));
        assertThat(LoginPlan.environment(ANN, request(null, null, Map.of()), null))
                .noneMatch(v -> v.contains("/usr/sbin"));
    }

    @Test
    void termComesWithTheTerminal() {
        PtyRequest pty = new PtyRequest("xterm-256color", 80, 24, 0, 0, new byte[] {0});
        assertThat(LoginPlan.environment(ANN, request(null, pty, Map.of()), null))
                .contains("TERM=xterm-256color");
        assertThat(LoginPlan.environment(ANN, request(null, null, Map.of()), null))
                .noneMatch(v -> v.startsWith("TERM="));
    }

    @Test
    void groupsComeBeforeTheIdsAndTheIdsBeforeTheShell() {
        String text = LoginPlan.compose(ANN, plan -> LoginPlan.execute(plan, ANN, request(null, null, Map.of()), null))
                .describe();
        assertThat(text.indexOf("setgroups(2,")).isPositive();
        assertThat(text.indexOf("setresgid(1000, 1000, 1000)")).isGreaterThan(text.indexOf("setgroups(2,"));
        assertThat(text.indexOf("setresuid(1000, 1000, 1000)")).isGreaterThan(text.indexOf("setresgid(1000"));
        assertThat(text.indexOf("execve('/bin/zsh'")).isGreaterThan(text.indexOf("close_range("));
    }

    private static AttachRequest request(
            @Nullable String command, @Nullable PtyRequest pty, Map<String, String> environment) {
        return new AttachRequest(new GuestUser("ann"), command, pty, environment);
    }
}
