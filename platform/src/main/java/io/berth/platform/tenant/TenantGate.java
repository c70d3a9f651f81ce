// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import io.berth.platform.security.Caller;
import io.berth.platform.trail.Trail;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Below a tenant's path nobody gets as far as a controller who may not see the tenant: not even to hear that the body is wrong, and not
 * even where a controller forgets to ask.
 */
@Configuration(proxyBeanMethods = false)
class TenantGate implements WebMvcConfigurer, HandlerInterceptor {
    private final TenantAccess access;

    TenantGate(TenantAccess access) {
        this.access = access;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns("/api/v1/tenants/*/**", "/api/v1/tenants/*");
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> variables
                && variables.get("tenant") instanceof String tenant
                && authentication != null
                && authentication.getPrincipal() instanceof Caller caller) {
            Trail.tenant(access.enter(caller, tenant, request).id());
        }
        return true;
    }
}
