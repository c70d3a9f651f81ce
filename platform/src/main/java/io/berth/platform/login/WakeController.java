// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The gateway's question when whoever logs in finds the container stopped. */
@Tag(name = "gateway")
@RestController
@RequestMapping("/api/v1/gateway/wakes")
class WakeController {
    private final Wakes wakes;

    WakeController(Wakes wakes) {
        this.wakes = wakes;
    }

    /** @param interactive whether a shell with a terminal is asked for */
    record Wake(
            @NotNull @Size(max = 1024) String userName,
            @NotNull @Size(max = 16_384) String publicKey,
            @NotNull @Size(max = 64) String sourceAddress,
            @NotNull Boolean interactive,
            @Nullable @Size(max = 64) String secondFactor) {}

    @PostMapping
    LoginDecision wake(@Valid @RequestBody Wake wake) throws InterruptedException {
        return wakes.wake(
                new Attempt(wake.userName(), wake.publicKey(), wake.sourceAddress(), wake.secondFactor()),
                wake.interactive());
    }
}
