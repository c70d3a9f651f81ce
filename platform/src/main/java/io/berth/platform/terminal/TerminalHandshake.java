// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.terminal;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.problem.ProblemWriter;
import io.berth.platform.security.Caller;
import io.berth.platform.security.Standing;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * Who opens a terminal's connection. A browser sends a session's cookie with it whatever page opens it, and no CSRF token: so the page's own
 * address must be this server's, as the browser tells it in Origin. (The ticket would not be had by another page; this refuses before.)
 */
@Component
class TerminalHandshake implements HandshakeInterceptor {
    private static final Pattern PATH = Pattern.compile(".*/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");
    private static final String CALLER = "caller";
    private static final String STANDING = "standing";
    private static final String TERMINAL = "terminal";

    private final ProblemWriter problems;

    TerminalHandshake(ProblemWriter problems) {
        this.problems = problems;
    }

    static Caller caller(WebSocketSession socket) {
        return (Caller) attribute(socket, CALLER);
    }

    static Standing standing(WebSocketSession socket) {
        return (Standing) attribute(socket, STANDING);
    }

    static UUID terminal(WebSocketSession socket) {
        return (UUID) attribute(socket, TERMINAL);
    }

    private static Object attribute(WebSocketSession socket, String name) {
        return Objects.requireNonNull(socket.getAttributes().get(name), name);
    }

    @Override
    public boolean beforeHandshake(
            ServerHttpRequest request,
            ServerHttpResponse response,
            WebSocketHandler handler,
            Map<String, Object> attributes)
            throws IOException {
        HttpServletRequest servlet = ((ServletServerHttpRequest) request).getServletRequest();
        try {
            Caller caller = caller();
            requireSameOrigin(servlet, caller);
            attributes.put(CALLER, caller);
            attributes.put(STANDING, Standing.of(servlet));
            attributes.put(TERMINAL, terminal(servlet));
            return true;
        } catch (ProblemException e) {
            problems.write(((ServletServerHttpResponse) response).getServletResponse(), e);
            return false;
        }
    }

    private static Caller caller() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication != null && authentication.getPrincipal() instanceof Caller caller) {
            return caller;
        }
        throw new ProblemException(ProblemKind.NOT_SIGNED_IN, "sign in first");
    }

    private static UUID terminal(HttpServletRequest request) {
        Matcher path = PATH.matcher(request.getRequestURI());
        if (request.getQueryString() != null || !path.matches()) {
            throw ProblemException.notFound("terminal", ProblemException.shortened(request.getRequestURI()));
        }
        return UUID.fromString(path.group(1));
    }

    private static void requireSameOrigin(HttpServletRequest request, Caller caller) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        boolean isOurs = origin == null
                ? caller.kind() != Caller.Kind.SESSION // a browser always tells it
                : String.valueOf(request.getHeader(HttpHeaders.HOST)).equalsIgnoreCase(authority(origin));
        if (!isOurs) {
            throw new ProblemException(
                    ProblemKind.FORBIDDEN, "a terminal is opened by a page of this server's own; open the portal");
        }
    }

    /** Host and port; the scheme is a proxy's business. */
    private static @Nullable String authority(String origin) {
        try {
            return URI.create(origin).getAuthority();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public void afterHandshake(
            ServerHttpRequest request,
            ServerHttpResponse response,
            WebSocketHandler handler,
            @Nullable Exception failure) {}
}
