// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import io.berth.platform.paging.Page;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.sshkey.PublicKey;
import io.berth.platform.sshkey.UnfitKeyException;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Which keys the gateways have: they say so, and everybody who is signed in may read it. */
@Tag(name = "ssh-host-keys")
@RestController
@RequestMapping("/api/v1")
class HostKeyController {
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9a-fA-F:]{2,45}");

    private final JdbcClient jdbc;

    HostKeyController(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param port where the gateway listens */
    record ShownHostKey(
            @NotNull String publicKey,
            @NotNull @Min(1) @Max(65_535) Integer port) {}

    @PostMapping("/gateway/host-keys")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void show(@Valid @RequestBody ShownHostKey body) {
        PublicKey key = parsed(body.publicKey());
        jdbc.sql("""
                        insert into ssh_host_keys (fingerprint, public_key, port) values (:fingerprint, :key, :port)
                        on conflict (fingerprint) do update set port = excluded.port, last_seen_at = now()
                        """)
                .param("fingerprint", key.fingerprint())
                .param("key", key.line())
                .param("port", body.port())
                .update();
    }

    private static PublicKey parsed(String line) {
        try {
            return PublicKey.parse(line);
        } catch (UnfitKeyException e) {
            throw ProblemException.field("publicKey", "publicKey: " + e.getMessage());
        }
    }

    /**
     * Gateways say so every hour: whoever has been silent for a day is gone.
     *
     * @param host by which name clients call the gateway
     */
    @GetMapping("/ssh-host-keys")
    Page<HostKey> list(@RequestParam(defaultValue = "localhost") String host) {
        if (!HOST.matcher(host).matches()) {
            throw ProblemException.field("host", "host: is no host name or address; give the one that clients use");
        }
        return new Page<>(
                jdbc.sql("""
                                select * from ssh_host_keys where last_seen_at > now() - interval '1 day'
                                order by last_seen_at desc, fingerprint limit 500""")
                        .query((row, number) -> HostKey.of(
                                PublicKey.parse(row.getString("public_key")),
                                host,
                                row.getInt("port"),
                                row.getObject("last_seen_at", OffsetDateTime.class)
                                        .toInstant()))
                        .list(),
                null);
    }
}
