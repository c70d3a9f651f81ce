// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.account;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The other end of a recovery link, for whoever has no credential but that. */
@Tag(name = "session")
@RestController
@RequestMapping("/api/v1/recovery")
class RecoveryController {
    private final Recoveries recoveries;
    private final Passwords passwords;
    private final SignInThrottle throttle;

    RecoveryController(Recoveries recoveries, Passwords passwords, SignInThrottle throttle) {
        this.recoveries = recoveries;
        this.passwords = passwords;
        this.throttle = throttle;
    }

    record NewPassword(
            @NotNull @Size(max = 128) String token, @NotNull String password) {
        @Override
        public String toString() {
            return "NewPassword";
        }
    }

    /** Sets the password, once; sign in with it then. */
    @PostMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void recover(@Valid @RequestBody NewPassword body, HttpServletRequest request) {
        String address = request.getRemoteAddr();
        Optional<Duration> blocked = throttle.blocked(address);
        if (blocked.isPresent()) {
            throw ProblemException.tooMany(
                    "too many failures from your address; wait "
                            + (blocked.get().toSeconds() + 1) + " s and try again",
                    blocked.get());
        }
        // before the password is hashed, which takes a while and memory
        if (!recoveries.isGood(body.token())) {
            throttle.failed(address);
            throw refused();
        }
        var _ = recoveries
                .recover(body.token(), passwords.accepted(body.password()))
                .orElseThrow(RecoveryController::refused);
    }

    private static ProblemException refused() {
        return new ProblemException(
                ProblemKind.NOT_SIGNED_IN,
                "the recovery link is unknown, used already or too old; ask an operator for another");
    }
}
