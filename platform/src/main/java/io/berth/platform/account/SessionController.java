// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.account;

import io.berth.platform.security.BrowserSession;
import io.berth.platform.security.Caller;
import io.berth.platform.security.PasswordSignIn;
import io.berth.platform.security.SignIn;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.UUID;
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

    record SignInForm(@NotNull String userName, @NotNull String password) {
        @Override
        public String toString() {
            return "SignInForm[" + userName + "]";
        }
    }

    /** Who is signed in. */
    record Me(UUID id, String name, boolean operator) {
        static Me of(Caller caller) {
            return new Me(caller.userId(), caller.userName(), caller.actsAsOperator());
        }
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    Me begin(@Valid @RequestBody SignInForm form, HttpServletRequest request) {
        SignIn.Accepted accepted = signIn.signIn(form.userName(), form.password(), request.getRemoteAddr());
        sessions.begin(request, accepted);
        return Me.of(accepted.caller());
    }

    @GetMapping
    Me get(@AuthenticationPrincipal Caller caller) {
        return Me.of(caller);
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void end(HttpServletRequest request) {
        sessions.end(request);
    }
}
