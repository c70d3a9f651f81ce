// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The gateway's only question. */
@Tag(name = "gateway")
@RestController
@RequestMapping("/api/v1/gateway/logins")
class LoginController {
    private static final Logger LOG = LoggerFactory.getLogger(LoginController.class);

    private final Logins logins;

    LoginController(Logins logins) {
        this.logins = logins;
    }

    /**
     * Who wants in.
     *
     * @param publicKey type and base64; the gateway has checked that the client holds its private half
     * @param secondFactor what a right code was answered with
     * @param renewal whether nobody logs in just now, and the answer is to be kept for when there is none
     */
    record Login(
            @NotNull @Size(max = 1024) String userName,
            @NotNull @Size(max = 16_384) String publicKey,
            @NotNull @Size(max = 64) String sourceAddress,
            @Nullable Boolean renewal,
            @Nullable @Size(max = 64) String secondFactor) {
        Attempt attempt() {
            return new Attempt(userName, publicKey, sourceAddress, secondFactor);
        }
    }

    @PostMapping
    LoginDecision decide(@Valid @RequestBody Login login) {
        LoginDecision decision =
                Boolean.TRUE.equals(login.renewal()) ? logins.renew(login.attempt()) : logins.decide(login.attempt());
        LOG.debug(
                "login decision={} tenant={} container={}",
                decision.decision(),
                decision.tenant(),
                decision.containerName());
        return decision;
    }
}
