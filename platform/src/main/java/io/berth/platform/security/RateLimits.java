// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.settings.PlatformSettings;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/**
 * How many requests are answered: so many a minute of each credential, and of each address that shows no good one. Whoever has a good one is never refused
 * for what others do at the same address. Counted in this process: with more of them each gives as much.
 */
@Component
class RateLimits {
    private static final String REFUSED = RateLimits.class.getName();

    private static final Duration WINDOW = Duration.ofMinutes(1);

    /** Beyond that, who has asked for nothing for the longest time begins anew; some 200 bytes each. */
    private static final int MOST_KNOWN = 20_000;

    private final Kind credentials;
    private final Kind addresses;

    RateLimits(PlatformSettings settings) {
        this.credentials = new Kind("credential", settings.rates().credential());
        this.addresses = new Kind("address", settings.rates().address());
    }

    /**
     * Before a password is looked at, which takes 19 MiB and tens of milliseconds: so many of each account from each address, and none from one whose guesses have
     * used up what it has.
     *
     * @throws ProblemException when there were too many
     */
    void countPassword(HttpServletRequest request, HttpServletResponse response, String userName) {
        try {
            addresses.refuseWhereNothingRemains(request.getRemoteAddr(), response);
            credentials.count(hash(request.getRemoteAddr() + " " + userName), response);
        } catch (ProblemException e) {
            request.setAttribute(REFUSED, true);
            throw e;
        }
    }

    /** Whether it was refused before its password was looked at: then it is no guess that counts for the address. */
    static boolean hasRefused(HttpServletRequest request) {
        return request.getAttribute(REFUSED) != null;
    }

    /** @throws ProblemException when there were too many */
    void count(HttpServletRequest request, HttpServletResponse response, @Nullable Caller caller) {
        if (caller != null && caller.kind() == Caller.Kind.PASSWORD) {
            return; // see countPassword
        }
        if (caller == null) {
            addresses.count(request.getRemoteAddr(), response);
        } else {
            credentials.count(key(request, caller), response);
        }
    }

    private static String key(HttpServletRequest request, Caller caller) {
        HttpSession session = request.getSession(false);
        return switch (caller.kind()) {
            case TOKEN, LOBBY -> hash(String.valueOf(request.getHeader(HttpHeaders.AUTHORIZATION)));
            case SESSION -> session == null ? caller.userId().toString() : session.getId();
            case PASSWORD -> throw new IllegalStateException("was counted before its password was looked at");
        };
    }

    /** No token lies about in memory for longer than its request. */
    private static String hash(String secret) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Buckets of one size. */
    private static final class Kind {
        private final String name;
        private final @Nullable Long limit;
        private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                return size() > MOST_KNOWN;
            }
        };

        Kind(String name, @Nullable Long limit) {
            this.name = name;
            this.limit = limit;
        }

        void refuseWhereNothingRemains(String key, HttpServletResponse response) {
            Long most = limit;
            if (most != null && bucket(key, most).getAvailableTokens() < 1) {
                count(key, response);
            }
        }

        void count(String key, HttpServletResponse response) {
            Long most = limit;
            if (most == null) {
                return;
            }
            ConsumptionProbe probe = bucket(key, most).tryConsumeAndReturnRemaining(1);
            long untilFull = TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForReset()) + 1;
            // draft-ietf-httpapi-ratelimit-headers-10: the policy, what remains of it, and until when all of it is
            // there again
            response.setHeader("RateLimit-Policy", "\"" + name + "\";q=" + most + ";w=" + WINDOW.toSeconds());
            response.setHeader("RateLimit", "\"" + name + "\";r=" + probe.getRemainingTokens() + ";t=" + untilFull);
            if (!probe.isConsumed()) {
                throw ProblemException.tooMany(
                        "more than " + most + " requests a minute by one " + name
                                + "; wait as Retry-After says, and ask for more at once (limit=, wait=, /events)",
                        Duration.ofNanos(probe.getNanosToWaitForRefill()));
            }
        }

        private Bucket bucket(String key, long most) {
            synchronized (buckets) {
                return buckets.computeIfAbsent(
                        key,
                        it -> Bucket.builder()
                                .addLimit(limit -> limit.capacity(most).refillGreedy(most, WINDOW))
                                .build());
            }
        }
    }
}
