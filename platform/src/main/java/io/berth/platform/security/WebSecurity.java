// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.problem.ProblemWriter;
import io.berth.platform.settings.InvalidSettingException;
import io.berth.platform.settings.PlatformSettings;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.context.NullSecurityContextRepository;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter;

/** Deny by default: what is open to everybody stands here, and nothing else is. */
@Configuration(proxyBeanMethods = false)
class WebSecurity {
    /** What everybody may GET: the portal's files, the interface's description, and whether the platform is up. */
    static final String[] OPEN = {
        "/",
        "/sign-in",
        "/t/**",
        "/admin/**",
        "/account/**",
        "/favicon.svg",
        "/assets/**",
        "/api/docs",
        "/actuator/health",
        "/actuator/health/liveness",
        "/actuator/health/readiness",
        "/v3/api-docs",
        "/v3/api-docs.yaml",
        "/v3/api-docs/swagger-config",
        "/swagger-ui.html",
        "/swagger-ui/**"
    };

    /** What the gateway may POST, and all that it may. */
    private static final String[] GATEWAY = {
        "/api/v1/gateway/logins",
        "/api/v1/gateway/host-keys",
        "/api/v1/gateway/lobby-logins",
        "/api/v1/gateway/lobby-logins/*/end",
        "/api/v1/gateway/wakes",
        "/api/v1/gateway/events",
        "/api/v1/gateway/sessions",
        "/api/v1/gateway/recordings",
        "/api/v1/gateway/bans",
        "/api/v1/gateway/second-factors"
    };

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
                    + "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /** The gateway's own door: its token opens this and nothing else, and no other credential opens it. */
    @Bean
    @Order(1)
    SecurityFilterChain gatewayChain(HttpSecurity http, PlatformSettings settings, ProblemWriter problems) {
        var token = new GatewayTokenFilter(gatewayToken(settings.gatewayToken()), problems);
        common(http, problems)
                .securityMatcher("/api/v1/gateway/**")
                .csrf(AbstractHttpConfigurer::disable) // no cookie is looked at
                .addFilterBefore(token, AnonymousAuthenticationFilter.class)
                .authorizeHttpRequests(requests -> requests.requestMatchers(HttpMethod.POST, GATEWAY)
                        .hasAuthority("GATEWAY")
                        .anyRequest()
                        .denyAll());
        return http.build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain chain(
            HttpSecurity http,
            Credentials credentials,
            LobbyTokens lobby,
            BrowserSession sessions,
            RateLimits limits,
            ProblemWriter problems) {
        common(http, problems)
                .csrf(csrf -> csrf.spa().requireCsrfProtectionMatcher(WebSecurity::isRiskedByCookies))
                .addFilterBefore(new CredentialFilter(credentials, lobby, sessions, limits, problems), CsrfFilter.class)
                .addFilterAfter(new RateLimitFilter(limits, problems), CredentialFilter.class)
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, OPEN)
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, "/actuator/prometheus")
                        .access((caller, request) -> new AuthorizationDecision(isOperator(caller.get())))
                        .requestMatchers(HttpMethod.POST, "/api/v1/session", "/api/v1/recovery")
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, "/api/v1/**")
                        .hasAuthority(Scope.READ.name())
                        .requestMatchers("/api/v1/**")
                        .hasAuthority(Scope.WRITE.name())
                        .anyRequest()
                        .denyAll());
        return http.build();
    }

    /** How long each of twenty filters takes nobody has asked yet, and asking costs a tenth of what a request does. */
    @Bean
    SecurityObservationSettings unobservedFilters() {
        return SecurityObservationSettings.noObservations();
    }

    private static boolean isOperator(@Nullable Authentication authentication) {
        return authentication != null
                && authentication.getPrincipal() instanceof Caller caller
                && caller.actsAsOperator();
    }

    private static HttpSecurity common(HttpSecurity http, ProblemWriter problems) {
        // Who calls is found out anew for each request; a session's id changes when somebody signs in, and only then
        return http.sessionManagement(AbstractHttpConfigurer::disable)
                .securityContext(context -> context.securityContextRepository(new NullSecurityContextRepository()))
                .requestCache(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .exceptionHandling(failures ->
                        failures.authenticationEntryPoint(signIn(problems)).accessDeniedHandler(denied(problems)))
                .headers(WebSecurity::headers);
    }

    private static void headers(HeadersConfigurer<HttpSecurity> headers) {
        headers.contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                .referrerPolicy(policy -> policy.policy(ReferrerPolicyHeaderWriter.ReferrerPolicy.NO_REFERRER))
                .permissionsPolicyHeader(policy -> policy.policy("camera=(), geolocation=(), microphone=()"))
                .frameOptions(HeadersConfigurer.FrameOptionsConfig::deny);
    }

    /**
     * Only what a browser sends by itself can be forged from another site: a session's cookie. Signing in has none yet, and takes
     * JSON only, which no other site can send without asking first (CORS is not answered).
     */
    private static boolean isRiskedByCookies(HttpServletRequest request) {
        return !SAFE.contains(request.getMethod())
                && request.getHeader(HttpHeaders.AUTHORIZATION) == null
                && request.getSession(false) != null;
    }

    private static AuthenticationEntryPoint signIn(ProblemWriter problems) {
        return (request, response, e) -> problems.write(
                response,
                new ProblemException(
                        ProblemKind.NOT_SIGNED_IN,
                        "sign in: HTTP Basic, 'Authorization: Bearer TOKEN', or a session from POST /api/v1/session"));
    }

    private static AccessDeniedHandler denied(ProblemWriter problems) {
        return (request, response, e) -> problems.write(
                response,
                new ProblemException(
                        ProblemKind.FORBIDDEN,
                        e instanceof CsrfException
                                ? "a session needs its CSRF token: send the cookie XSRF-TOKEN's value as header X-XSRF-TOKEN"
                                : "your credential does not reach this"));
    }

    private static String gatewayToken(Path file) {
        try {
            String token = Files.readString(file).strip();
            if (token.length() >= 32) {
                return token;
            }
            throw new InvalidSettingException(
                    "the gateway's token in " + file + " has fewer than 32 characters; start with ./berth up");
        } catch (IOException e) {
            throw new InvalidSettingException("the gateway's token is not readable in " + file + " ("
                    + e.getClass().getSimpleName() + "); start with ./berth up, which makes it");
        }
    }
}
