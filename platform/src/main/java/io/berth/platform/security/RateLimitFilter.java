// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Counts requests of the interface, once it is known who calls, and refuses what is too much. */
final class RateLimitFilter extends OncePerRequestFilter {
    private final RateLimits limits;
    private final ProblemWriter problems;

    RateLimitFilter(RateLimits limits, ProblemWriter problems) {
        this.limits = limits;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !isOfTheInterface(request);
    }

    static boolean isOfTheInterface(HttpServletRequest request) {
        return request.getServletPath().startsWith("/api/v1/"); // decoded: /%61pi is /api
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            limits.count(
                    request, response, request.getAttribute(Caller.ATTRIBUTE) instanceof Caller caller ? caller : null);
        } catch (ProblemException e) {
            problems.write(response, e);
            return;
        }
        chain.doFilter(request, response);
    }
}
