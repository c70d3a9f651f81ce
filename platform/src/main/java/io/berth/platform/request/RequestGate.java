// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.request;

import io.berth.platform.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Refuses what no handler would look at: a query parameter that it has no use for, one that comes twice, and a body where it takes
 * none. Bodies that it takes are Jackson's to refuse. What is passed over in silence today is a hole on the day it gets a meaning.
 */
@Configuration(proxyBeanMethods = false)
class RequestGate implements WebMvcConfigurer, HandlerInterceptor {
    private static final int AFTER_THE_TENANTS_GATE =
            1; // whoever may not see the tenant hears nothing of what is wrong

    /** As a query has it; PostgreSQL refuses it wherever it gets to. */
    private static final String NUL = "%00";

    private final JsonMapper json;

    RequestGate(JsonMapper json) {
        this.json = json;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns("/api/v1/**").order(AFTER_THE_TENANTS_GATE);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws IOException {
        if (handler instanceof HandlerMethod method) {
            checkQuery(request.getQueryString(), method);
            if (Arrays.stream(method.getMethodParameters())
                    .noneMatch(parameter -> parameter.hasParameterAnnotation(RequestBody.class))) {
                checkNoBody(request);
            }
        }
        return true;
    }

    private static void checkQuery(@Nullable String query, HandlerMethod method) {
        if (query == null) {
            return;
        }
        Set<String> known = Arrays.stream(method.getMethodParameters())
                .filter(parameter -> parameter.hasParameterAnnotation(RequestParam.class))
                .map(RequestGate::name)
                .collect(Collectors.toSet());
        UriComponentsBuilder.newInstance().query(query).build().getQueryParams().forEach((name, values) -> {
            if (!known.contains(name)) {
                throw ProblemException.unknownField(name);
            }
            if (values.size() > 1) {
                throw ProblemException.field(name, name + ": is given twice; give it once");
            }
            if (values.stream().anyMatch(value -> value != null && value.contains(NUL))) {
                throw ProblemException.field(name, name + ": has a NUL, which no text here holds; leave it out");
            }
        });
    }

    private static String name(MethodParameter parameter) {
        RequestParam annotation = parameter.getParameterAnnotation(RequestParam.class);
        String given = annotation == null ? "" : annotation.name();
        return given.isEmpty() ? parameter.getParameter().getName() : given;
    }

    /** An empty object says nothing, and some clients can't send less. */
    private void checkNoBody(HttpServletRequest request) throws IOException {
        if (request.getContentLengthLong() == 0
                || (request.getContentLengthLong() < 0 && request.getHeader("Transfer-Encoding") == null)) {
            return;
        }
        byte[] body = request.getInputStream().readAllBytes();
        if (body.length > 0) {
            firstField(request, body).ifPresent(field -> {
                throw ProblemException.unknownField(field);
            });
        }
    }

    private Optional<String> firstField(HttpServletRequest request, byte[] body) {
        try {
            JsonNode node = json.readTree(body);
            if (node.isObject()) {
                return node.propertyNames().stream().findFirst();
            }
        } catch (JacksonException e) {
            throw new HttpMessageNotReadableException("no JSON", e, new ServletServerHttpRequest(request));
        }
        throw ProblemException.malformed("this request takes no body; remove it");
    }
}
