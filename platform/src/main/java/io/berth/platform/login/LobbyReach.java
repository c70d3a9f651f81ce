// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * What a login to the lobby reaches: the lobby's verbs and nothing else. Keys, certificates and tokens are not among them, as what is
 * made with those outlives the login.
 */
@Configuration(proxyBeanMethods = false)
class LobbyReach implements WebMvcConfigurer, HandlerInterceptor {
    private static final int FIRST = -1; // before the tenant's gate, which asks the database
    private static final String CONTAINERS = "/api/v1/tenants/{tenant}/containers";
    private static final String CONTAINER = CONTAINERS + "/{container}";
    private static final String VOLUMES = "/api/v1/tenants/{tenant}/volumes";

    private static final Set<String> REACHED = Set.of(
            "GET /api/v1/images",
            "GET /api/v1/operations/{operation}",
            "GET /api/v1/tenants/{tenant}",
            "GET /api/v1/tenants/{tenant}/ssh-keys",
            "GET /api/v1/tenants/{tenant}/ssh-sessions",
            "DELETE /api/v1/tenants/{tenant}/ssh-sessions/{session}",
            "GET /api/v1/tenants/{tenant}/ssh-events",
            "GET " + CONTAINERS,
            "POST " + CONTAINERS,
            "GET " + CONTAINER,
            "DELETE " + CONTAINER,
            "POST " + CONTAINER + "/start",
            "POST " + CONTAINER + "/stop",
            "POST " + CONTAINER + "/restart",
            "GET " + CONTAINER + "/snapshots",
            "POST " + CONTAINER + "/snapshots",
            "POST " + CONTAINER + "/snapshots/{snapshot}/restore",
            "PUT " + CONTAINER + "/volumes/{volume}",
            "DELETE " + CONTAINER + "/volumes/{volume}",
            "GET " + VOLUMES,
            "POST " + VOLUMES,
            "PATCH " + VOLUMES + "/{volume}",
            "DELETE " + VOLUMES + "/{volume}",
            "GET " + CONTAINER + "/ports",
            "POST " + CONTAINER + "/ports",
            "DELETE " + CONTAINER + "/ports/{port}",
            "GET " + CONTAINER + "/usage",
            "GET " + CONTAINER + "/denials",
            "GET " + CONTAINER + "/passport",
            "GET " + CONTAINER + "/console");

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns("/api/v1/**").order(FIRST);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication != null
                && authentication.getPrincipal() instanceof Caller caller
                && caller.kind() == Caller.Kind.LOBBY
                && !REACHED.contains(request.getMethod() + " "
                        + request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE))) {
            throw new ProblemException(ProblemKind.FORBIDDEN, "the lobby does not reach this; use the portal or REST");
        }
        return true;
    }
}
