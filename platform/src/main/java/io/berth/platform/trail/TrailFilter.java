// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.trail;

import io.berth.platform.security.Caller;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Around everything else: what no transaction of the request's has written down, because it was refused or had none, is written at its end. */
final class TrailFilter extends OncePerRequestFilter {
    private static final Logger LOG = LoggerFactory.getLogger(TrailFilter.class);

    private static final Set<String> CHANGING = Set.of("POST", "PUT", "PATCH", "DELETE");

    /** Its own log of what came over SSH has more to say. */
    private static final String GATEWAY = "/api/v1/gateway/";

    private static final int TOO_MANY_REQUESTS = 429; // RFC 6585; jakarta.servlet has no name for it

    private static final String STATE = "berth.trail.state";

    private enum State {
        AWAITED,
        WRITTEN
    }

    private final TrailRows rows;
    private final NobodysBudget nobody;

    TrailFilter(TrailRows rows, NobodysBudget nobody) {
        this.rows = rows;
        this.nobody = nobody;
    }

    static boolean isAwaited(HttpServletRequest request) {
        return request.getAttribute(STATE) == State.AWAITED;
    }

    static void written(HttpServletRequest request) {
        request.setAttribute(STATE, State.WRITTEN);
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = request.getServletPath(); // decoded, as the controllers see it: /%61pi is /api
        return !CHANGING.contains(request.getMethod()) || !path.startsWith("/api/v1/") || path.startsWith(GATEWAY);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        request.setAttribute(STATE, State.AWAITED);
        try {
            chain.doFilter(request, response);
        } catch (ServletException | IOException | RuntimeException e) {
            write(request, Outcome.FAILED, HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            throw e;
        }
        Outcome outcome = Outcome.of(response.getStatus());
        boolean isFlood = response.getStatus() == TOO_MANY_REQUESTS; // a credential is no leave to fill the disk
        boolean isKnown = request.getAttribute(Caller.ATTRIBUTE) instanceof Caller && !isFlood;
        if ((isAwaited(request) || outcome != Outcome.DONE) && (isKnown || outcome == Outcome.DONE || nobody.take())) {
            write(request, outcome, response.getStatus());
        }
    }

    private void write(HttpServletRequest request, Outcome outcome, int status) {
        try {
            rows.write(request, outcome, status);
        } catch (DataAccessException e) {
            LOG.warn(
                    "event=audit_lost method={} path={} status={}: {}",
                    request.getMethod(),
                    request.getRequestURI(),
                    status,
                    e.getMessage());
        }
    }
}
