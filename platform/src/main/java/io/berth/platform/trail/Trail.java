// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.trail;

import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** What those on a request's way know of it that its entry is to tell. Without a request, in a job, nothing is noted. */
public final class Trail {
    private static final String TENANT = "berth.trail.tenant";
    private static final String BEFORE = "berth.trail.before";
    private static final String AFTER = "berth.trail.after";
    private static final String ASKED = "berth.trail.asked";

    private Trail() {}

    /** The tenant that the request is about and that its caller may see. */
    public static void tenant(UUID id) {
        note(TENANT, id);
    }

    /** How something was before the request changed it; records that JSON can be made of. */
    public static void before(Object state) {
        note(BEFORE, state);
    }

    /** How it is then. */
    public static void after(Object state) {
        note(AFTER, state);
    }

    /** The body as it came. */
    public static void asked(byte[] body) {
        note(ASKED, body);
    }

    private static void note(String name, Object value) {
        if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes) {
            attributes.getRequest().setAttribute(name, value);
        }
    }

    static @Nullable UUID tenant(HttpServletRequest request) {
        return request.getAttribute(TENANT) instanceof UUID id ? id : null;
    }

    static @Nullable Object before(HttpServletRequest request) {
        return request.getAttribute(BEFORE);
    }

    static @Nullable Object after(HttpServletRequest request) {
        return request.getAttribute(AFTER);
    }

    static byte @Nullable [] asked(HttpServletRequest request) {
        return request.getAttribute(ASKED) instanceof byte[] body ? body : null;
    }
}
