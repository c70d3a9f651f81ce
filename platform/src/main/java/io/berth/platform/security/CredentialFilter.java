// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.transaction.TransactionException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Finds out who calls: HTTP Basic, a bearer token, or a browser's session. A wrong credential is refused, never ignored. */
final class CredentialFilter extends OncePerRequestFilter {
    private final Credentials credentials;
    private final LobbyTokens lobby;
    private final BrowserSession sessions;
    private final RateLimits limits;
    private final ProblemWriter problems;

    CredentialFilter(
            Credentials credentials,
            LobbyTokens lobby,
            BrowserSession sessions,
            RateLimits limits,
            ProblemWriter problems) {
        this.credentials = credentials;
        this.lobby = lobby;
        this.sessions = sessions;
        this.limits = limits;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            caller(request, response).ifPresent(caller -> {
                request.setAttribute(Caller.ATTRIBUTE, caller);
                SecurityContextHolder.setContext(new SecurityContextImpl(new CallerAuthentication(caller)));
            });
        } catch (ProblemException e) {
            problems.write(response, counted(request, response, e));
            return;
        } catch (DataAccessException | TransactionException e) {
            logger.warn("signing in failed, the database does not answer: " + e.getMessage());
            problems.write(
                    response,
                    ProblemException.unavailable(
                            "the database does not answer, or too many ask it at once; try again in a moment"));
            return;
        }
        chain.doFilter(request, response);
    }

    /** Whoever tries credentials is refused more quickly, and told nothing of them any more. */
    private ProblemException counted(
            HttpServletRequest request, HttpServletResponse response, ProblemException refusal) {
        if (RateLimits.hasRefused(request)) {
            return refusal;
        }
        try {
            limits.count(request, response, null);
            return refusal;
        } catch (ProblemException tooMany) {
            return tooMany;
        }
    }

    private Optional<Caller> caller(HttpServletRequest request, HttpServletResponse response) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null) {
            return sessions.caller(request);
        }
        if (header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            String token = header.substring(7).strip();
            Standing.set(request, () -> byToken(token)); // revoked or expired: both are for good
            return Optional.of(byToken(token)
                    .orElseThrow(() -> refused("the token is unknown, expired or revoked; make another")));
        }
        if (header.regionMatches(true, 0, "Basic ", 0, 6)) {
            return Optional.of(byPassword(header.substring(6).strip(), request, response));
        }
        throw refused("use 'Authorization: Bearer TOKEN' or HTTP Basic");
    }

    private Optional<Caller> byToken(String token) {
        return token.startsWith(LobbyTokens.PREFIX) ? lobby.caller(token) : credentials.byToken(token);
    }

    private Caller byPassword(String base64, HttpServletRequest request, HttpServletResponse response) {
        String pair = decoded(base64);
        int colon = pair.indexOf(':');
        if (colon < 0) {
            throw refused("HTTP Basic needs a name and a password");
        }
        if (RateLimitFilter.isOfTheInterface(request)) {
            limits.countPassword(request, response, pair.substring(0, colon));
        }
        SignIn signIn = credentials.byPassword(
                pair.substring(0, colon), pair.substring(colon + 1), SecondProof.NONE, request.getRemoteAddr());
        if (signIn instanceof SignIn.SecondFactorNeeded) {
            throw new ProblemException(
                    ProblemKind.SECOND_FACTOR_NEEDED,
                    "this account has a second factor, which HTTP Basic can't show; use an API token, or a session from"
                            + " POST /api/v1/session");
        }
        SignIn.Accepted accepted = accepted(signIn);
        UUID user = accepted.caller().userId();
        Standing.set(
                request,
                () -> credentials.bySession(
                        user, accepted.credentialsVersion(), accepted.caller().proof()));
        return accepted.caller();
    }

    static SignIn.Accepted accepted(SignIn signIn) {
        return switch (signIn) {
            case SignIn.Accepted accepted -> accepted;
            case SignIn.SecondFactorNeeded _ ->
                throw new ProblemException(
                        ProblemKind.SECOND_FACTOR_NEEDED,
                        "send 'code' with it, six digits of your authenticator, or 'recoveryCode'");
            case SignIn.WrongCode _ ->
                throw new ProblemException(
                        ProblemKind.SECOND_FACTOR_NEEDED,
                        "the code is wrong or was used already; wait for the next one, and check the device's clock");
            case SignIn.Refused _ -> throw refused("the name or the password is wrong");
            case SignIn.Throttled(var wait) ->
                throw ProblemException.tooMany(
                        "too many failed sign-ins; wait " + (wait.toSeconds() + 1) + " s and try again", wait);
        };
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw refused("the Authorization header is no base64");
        }
    }

    private static ProblemException refused(String detail) {
        return new ProblemException(ProblemKind.NOT_SIGNED_IN, detail);
    }
}
