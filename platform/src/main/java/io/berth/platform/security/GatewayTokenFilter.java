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
import java.security.MessageDigest;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets the gateway in where only the gateway may go. */
final class GatewayTokenFilter extends OncePerRequestFilter {
    private static final String PREFIX = "Bearer ";

    private final byte[] expected;
    private final ProblemWriter problems;

    GatewayTokenFilter(String token, ProblemWriter problems) {
        this.expected = (PREFIX + token).getBytes(StandardCharsets.UTF_8);
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        // isEqual takes the same time wherever the first difference is
        if (header == null || !MessageDigest.isEqual(expected, header.getBytes(StandardCharsets.UTF_8))) {
            problems.write(
                    response, new ProblemException(ProblemKind.NOT_SIGNED_IN, "only the SSH gateway may ask this"));
            return;
        }
        SecurityContextHolder.setContext(new SecurityContextImpl(UsernamePasswordAuthenticationToken.authenticated(
                "gateway", "", List.of(new SimpleGrantedAuthority("GATEWAY")))));
        chain.doFilter(request, response);
    }
}
