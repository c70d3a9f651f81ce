// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.sshkey.KeyProof;
import io.berth.platform.sshkey.UnfitKeyException;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Gives the gateway what it needs to act for one client in the lobby, until that client hangs up. */
@Tag(name = "gateway")
@RestController
@RequestMapping("/api/v1/gateway/lobby-logins")
class LobbyLoginController {
    private static final String BASE64 = "[A-Za-z0-9+/]+={0,2}";

    private final LobbyLogins logins;

    LobbyLoginController(LobbyLogins logins) {
        this.logins = logins;
    }

    /** @param proof the client's signature, which the platform verifies itself */
    record NewLobbyLogin(
            @NotNull @Size(max = 1024) String userName,
            @NotNull @Size(max = 16_384) String publicKey,
            @NotNull @Size(max = 64) String sourceAddress,
            @NotNull @Valid Proof proof,
            @Nullable @Size(max = 64) String secondFactor) {}

    /**
     * RFC 4252, section 7.
     *
     * @param sessionId base64
     * @param signature base64, as it came
     */
    record Proof(
            @NotNull @Size(max = 256) @Pattern(regexp = BASE64)
            String sessionId,

            @NotNull @Size(max = 64) String algorithm,

            @NotNull @Size(max = 8192) @Pattern(regexp = BASE64)
            String signature) {}

    @PostMapping
    LobbyLogins.LobbyLogin begin(@Valid @RequestBody NewLobbyLogin body) {
        Proof proof = body.proof();
        try {
            return logins.begin(
                    new Attempt(body.userName(), body.publicKey(), body.sourceAddress(), body.secondFactor()),
                    new KeyProof(proof.sessionId(), proof.algorithm(), proof.signature()));
        } catch (UnfitKeyException e) {
            throw ProblemException.field("proof", "proof: " + e.getMessage());
        }
    }

    @PostMapping("/{login}/end")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void end(@PathVariable UUID login) {
        logins.end(login);
    }
}
