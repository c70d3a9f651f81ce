// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A request's credential, to be looked up again by what outlives the request's beginning: streams, terminals. */
public final class Standing {
    private static final String ATTRIBUTE = Standing.class.getName();

    /** As often as a row is written for somebody who types. */
    private static final long USE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Look look;
    private final AtomicLong usedAt = new AtomicLong(System.nanoTime());

    private Standing(Look look) {
        this.look = look;
    }

    /** One kind of credential. */
    interface Look {
        Optional<Caller> now();

        default Optional<Caller> holder() {
            return now();
        }

        default void used() {}
    }

    static void set(HttpServletRequest request, Look look) {
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
        return look.now();
    }

    /** The same, also where it has only run out: what was begun with it may be gone on with after another sign-in. */
    public Optional<Caller> holder() {
        return look.holder();
    }

    /** Somebody is there: a session that would end for want of that does not. */
    public void used() {
        long before = usedAt.get();
        if (System.nanoTime() - before >= USE_NANOS && usedAt.compareAndSet(before, System.nanoTime())) {
            look.used();
        }
    }
}
