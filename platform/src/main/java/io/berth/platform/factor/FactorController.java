// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.factor;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.BrowserSession;
import io.berth.platform.security.BrowserSessions;
import io.berth.platform.security.Caller;
import io.berth.platform.settings.PlatformSettings;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** One's own second factors over REST. */
@Tag(name = "second-factors")
@RestController
@RequestMapping("/api/v1/account")
class FactorController {
    private final Totps totps;
    private final RecoveryCodes recoveryCodes;
    private final SecondFactors factors;
    private final BrowserSession session;
    private final BrowserSessions sessions;
    private final TransactionTemplate transaction;
    private final String issuer;

    FactorController(
            Totps totps,
            RecoveryCodes recoveryCodes,
            SecondFactors factors,
            BrowserSession session,
            BrowserSessions sessions,
            TransactionTemplate transaction,
            PlatformSettings settings) {
        this.totps = totps;
        this.recoveryCodes = recoveryCodes;
        this.factors = factors;
        this.session = session;
        this.sessions = sessions;
        this.transaction = transaction;
        this.issuer = "Berth " + settings.instance();
    }

    /** What the account has. */
    record Factors(
            @Schema(description = "since when an authenticator's codes are asked for; null for not at all") @Nullable
            Instant totpSince,

            int recoveryCodesLeft) {}

    /** An authenticator's secret; shown this once. */
    record Enrolment(
            @Schema(description = "base 32, for authenticators that take it typed")
            String secret,

            @Schema(description = "the same as otpauth:// URI, for a QR code")
            String uri) {
        @Override
        public String toString() {
            return "Enrolment";
        }
    }

    /** Shown this once. */
    record Codes(List<String> recoveryCodes) {
        @Override
        public String toString() {
            return "Codes";
        }
    }

    record Code(
            @NotNull @Pattern(regexp = "[0-9]{6}", message = "is six digits") @Schema(example = "000000")
            String code) {
        @Override
        public String toString() {
            return "Code";
        }
    }

    @GetMapping("/second-factors")
    Factors get(@AuthenticationPrincipal Caller caller) {
        caller.requireInPerson();
        return new Factors(totps.confirmedAt(caller.userId()).orElse(null), recoveryCodes.left(caller.userId()));
    }

    /** Begins; the authenticator counts from the confirmation on. */
    @PostMapping("/totp")
    @ResponseStatus(HttpStatus.CREATED)
    Enrolment begin(@AuthenticationPrincipal Caller caller) {
        requireProven(caller);
        String secret = Base32.of(totps.begin(caller.userId()));
        return new Enrolment(secret, OtpAuthUri.of(issuer, caller.userName(), secret));
    }

    /** Shows that the authenticator has the secret. Sessions that were begun without it end; this one goes on. */
    @PostMapping("/totp/confirmation")
    Codes confirm(@AuthenticationPrincipal Caller caller, @Valid @RequestBody Code body, HttpServletRequest request) {
        requireProven(caller);
        Codes codes = transaction.execute(status -> confirmed(caller, body.code(), request));
        session.proved(request, true);
        return codes;
    }

    private Codes confirmed(Caller caller, String code, HttpServletRequest request) {
        if (!totps.confirm(caller.userId(), code)) {
            throw ProblemException.field(
                    "code",
                    "code: is not one of the authenticator that is being added; begin by POST /api/v1/account/totp,"
                            + " then send the code that it shows now, and check the clock of the device");
        }
        sessions.endAll(caller.userId(), session.id(request).orElse(null));
        return new Codes(recoveryCodes.replace(caller.userId()));
    }

    /** From then on the password is enough; recovery codes go with it. */
    @DeleteMapping("/totp")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@AuthenticationPrincipal Caller caller, HttpServletRequest request) {
        requireProven(caller);
        if (!factors.has(caller.userId())) {
            throw ProblemException.notFound("authenticator", "totp");
        }
        factors.clear(caller.userId());
        session.proved(request, false);
    }

    /** Those from before are void. */
    @PostMapping("/recovery-codes")
    Codes recoveryCodes(@AuthenticationPrincipal Caller caller) {
        requireProven(caller);
        if (!factors.has(caller.userId())) {
            throw new ProblemException(
                    ProblemKind.CONFLICT, "this account has no second factor to recover from; add one first");
        }
        return new Codes(transaction.execute(status -> recoveryCodes.replace(caller.userId())));
    }

    private static void requireProven(Caller caller) {
        caller.requireInPerson();
        caller.requireFresh();
    }
}
