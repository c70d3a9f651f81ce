// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedPlatform.class)
class HostKeyIT {
    @TempDir
    Path directory;

    private final RunningPlatform platform;

    HostKeyIT(RunningPlatform platform) {
        this.platform = platform;
    }

    @Test
    void whatAGatewayShowsIsReadAsSshKeygenPrintsIt() throws Exception {
        Api gateway = Api.bearer(platform.address(), RunningPlatform.GATEWAY_TOKEN);
        String file = directory.resolve("host").toString();
        run("ssh-keygen", "-q", "-N", "", "-C", "", "-t", "ed25519", "-f", file);
        String key = Files.readString(directory.resolve("host.pub")).strip();
        String body = "{\"publicKey\":\"" + key + "\",\"port\":2222}";
        assertThat(gateway.post("/gateway/host-keys", body).status()).isEqualTo(204);
        assertThat(gateway.post("/gateway/host-keys", body).status()).isEqualTo(204);
        assertThat(platform.adminToken().post("/gateway/host-keys", body).status())
                .isEqualTo(401);

        Api.Answer shown = platform.adminToken().get("/ssh-host-keys?host=ssh.example.org");
        var item = shown.json()
                .path("items")
                .valueStream()
                .filter(it -> it.path("publicKey").asString().equals(key))
                .toList();
        assertThat(item).hasSize(1);
        assertThat(item.getFirst().path("sshfp").asString()).isIn((Object[])
                run("ssh-keygen", "-r", "ssh.example.org", "-f", file + ".pub").split("\n", -1));
        Path known = directory.resolve("known_hosts");
        Files.writeString(known, item.getFirst().path("knownHostsLine").asString() + "\n");
        assertThat(run("ssh-keygen", "-F", "[ssh.example.org]:2222", "-f", known.toString()))
                .contains(key);
        assertThat(platform.anonymous().get("/ssh-host-keys").status()).isEqualTo(401);
        assertThat(platform.adminToken().get("/ssh-host-keys?host=a%20b").text("field"))
                .isEqualTo("host");
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
