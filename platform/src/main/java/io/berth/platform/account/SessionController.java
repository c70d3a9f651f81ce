// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.account;

import io.berth.platform.security.BrowserSession;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorRole;
import io.berth.platform.security.PasswordSignIn;
import io.berth.platform.security.SecondProof;
import io.berth.platform.security.SignIn;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A browser's session over REST: begun with a password, kept by a cookie. */
@Tag(name = "session")
@RestController
@RequestMapping("/api/v1/session")
class SessionController {
    private final PasswordSignIn signIn;
    private final BrowserSession sessions;

    SessionController(PasswordSignIn signIn, BrowserSession sessions) {
        this.signIn = signIn;
        this.sessions = sessions;
    }

    record SignInForm(
            @NotNull String userName,
            @NotNull String password,

            @Schema(description = "of the authenticator, where the account has one") @Nullable @Size(max = 64)
            String code,

            @Schema(description = "instead of a code, once") @Nullable @Size(max = 64)
            String recoveryCode) {
        @Override
        public String toString() {
            return "SignInForm[" + userName + "]";
        }
    }

    /** What is asked for depends on the account: a second factor where it has one, else the password. */
    record Confirmation(
            @Nullable @Size(max = 256) String password,
            @Nullable @Size(max = 64) String code,
            @Nullable @Size(max = 64) String recoveryCode) {
        @Override
        public String toString() {
            return "Confirmation";
        }
    }

    /** Who is signed in. */
    record Me(
            UUID id,
            String name,

            @Schema(description = "whether everything may be done on this platform")
            boolean operator,

            @Schema(description = "null: no operator") @Nullable
            OperatorRole operatorRole,

            @Schema(description = "whether more than a password was shown")
            boolean secondFactor) {
        static Me of(Caller caller) {
            return new Me(
                    caller.userId(),
                    caller.userName(),
                    caller.actsAsOperator(),
                    caller.operatorRole(),
                    caller.proof().secondFactor());
        }
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    Me begin(@Valid @RequestBody SignInForm form, HttpServletRequest request) {
        SignIn.Accepted accepted = signIn.signIn(
                form.userName(),
                form.password(),
                new SecondProof(form.code(), form.recoveryCode()),
                request.getRemoteAddr());
        sessions.begin(request, accepted);
        return Me.of(accepted.caller());
    }

    @GetMapping
    Me get(@AuthenticationPrincipal Caller caller) {
        return Me.of(caller);
    }

    /** Shows that the person is still there; what can't be undone asks for that. */
    @PostMapping("/confirmation")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void confirm(
            @AuthenticationPrincipal Caller caller, @Valid @RequestBody Confirmation body, HttpServletRequest request) {
        caller.requireInPerson();
        boolean secondFactor = signIn.confirm(
                caller, body.password(), new SecondProof(body.code(), body.recoveryCode()), request.getRemoteAddr());
        sessions.proved(request, secondFactor);
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void end(HttpServletRequest request) {
        sessions.end(request);
    }
}
