// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshban;

import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Gateways ask every few seconds; mostly nothing has changed. */
@Tag(name = "gateway")
@RestController
@RequestMapping("/api/v1/gateway/bans")
class GatewayBanController {
    private final SshBans bans;

    GatewayBanController(SshBans bans) {
        this.bans = bans;
    }

    /** @param version of the list that the gateway has, 0 for none */
    record Known(@NotNull @Min(0) Long version) {}

    /** @param bans null when the gateway has this version */
    record Standing(long version, @Nullable List<SshBans.Standing> bans) {}

    /** One snapshot of both, so that a list never bears the number of another. */
    @PostMapping
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    Standing standing(@Valid @RequestBody Known body) {
        long version = bans.version();
        return new Standing(version, version == body.version() ? null : bans.standing());
    }
}
