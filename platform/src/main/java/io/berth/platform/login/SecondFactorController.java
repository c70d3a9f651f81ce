// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import io.berth.platform.login.LoginDecision.Decision;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.UUID;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Looks at the code that somebody showed to a gateway after a key. */
@Tag(name = "gateway")
@RestController
@RequestMapping("/api/v1/gateway/second-factors")
class SecondFactorController {
    private final Logins logins;
    private final ShownCodes codes;

    SecondFactorController(Logins logins, ShownCodes codes) {
        this.logins = logins;
        this.codes = codes;
    }

    /** @param code six digits, or a recovery code */
    record ShownCode(
            @NotNull @Size(max = 1024) String userName,
            @NotNull @Size(max = 16_384) String publicKey,
            @NotNull @Size(max = 64) String sourceAddress,
            @NotNull @Size(min = 1, max = 64) String code) {}

    @PostMapping
    ShownCodes.CodeAnswer show(@Valid @RequestBody ShownCode body) {
        Logins.Judgement judgement =
                logins.judgement(new Attempt(body.userName(), body.publicKey(), body.sourceAddress(), null));
        Shown shown = judgement.shown();
        UUID person = shown == null ? null : shown.person();
        if (shown == null || person == null || judgement.decision().decision() != Decision.SECOND_FACTOR) {
            throw new ProblemException(ProblemKind.CONFLICT, "this login wants no code");
        }
        return codes.answer(person, shown.row(), body.code(), body.sourceAddress());
    }
}
