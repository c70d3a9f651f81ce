// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Supplier;

/** A request's credential, to be looked up again by what outlives the request's beginning: streams, terminals. */
public final class Standing {
    private static final String ATTRIBUTE = Standing.class.getName();

    private final Supplier<Optional<Caller>> look;

    private Standing(Supplier<Optional<Caller>> look) {
        this.look = look;
    }

    static void set(HttpServletRequest request, Supplier<Optional<Caller>> look) {
        request.setAttribute(ATTRIBUTE, new Standing(look));
    }

    /** @throws IllegalStateException for a request without a credential */
    public static Standing of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Standing standing) {
            return standing;
        }
        throw new IllegalStateException("nobody is signed in");
    }

    /** Who it stands for now; empty when it is expired, revoked or its account gone. */
    public Optional<Caller> now() {
        return look.get();
    }
}
