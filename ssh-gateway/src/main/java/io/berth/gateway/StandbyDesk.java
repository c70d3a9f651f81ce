// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.gateway.text.Printable;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on where the platform has fallen silent: by its last yes to the same name and key, for as long as the standby ticket that came
 * with it lives. While the platform answers, its word alone counts, and a no takes back what was kept.
 */
final class StandbyDesk implements LoginDesk {
    private static final Logger LOG = LoggerFactory.getLogger(StandbyDesk.class);
    /** Some 4 KiB each. */
    static final int MOST = 10_000;

    /** Of one tenant, so that nobody's names push the others' out. */
    static final int MOST_OF_A_TENANT = 500;

    /** Longer ones, big certificates, go without standby: whoever signs them chooses their size. */
    private static final int LONGEST_KEY = 2048;
    /** Whoever was not here for so long is asked about no more. */
    private static final Duration REMEMBERED = Duration.ofDays(7);

    /** For a platform that hangs, where there is a ticket to go on with; it answers in milliseconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** So long nobody with a ticket waits for one that has let somebody wait in vain. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final LoginDesk desk;
    private final Clock clock;
    private final StandbyFile file;
    private volatile Instant silentUntil = Instant.MIN;
    private boolean isChanged;
    private final Map<Asked, Kept> kept = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, Kept> eldest) {
            return size() > MOST;
        }
    };

    StandbyDesk(LoginDesk desk, Clock clock, StandbyFile file) {
        this.desk = desk;
        this.clock = clock;
        this.file = file;
        for (StandbyFile.Line line : file.read()) {
            kept.put(
                    new Asked(line.userName(), line.publicKey()),
                    new Kept(line.admitted(), line.keptAt(), line.usedAt(), line.sourceAddress()));
        }
    }

    private record Asked(String userName, String publicKey) {
        static Asked of(LoginRequest request) {
            return new Asked(request.userName(), request.publicKey());
        }
    }

    private record Kept(Decision.Admitted admitted, Instant keptAt, Instant usedAt, String sourceAddress) {
        /** From half of its life on, so that there is always half of one left. */
        boolean isDue(Instant now) {
            return now.isAfter(keptAt.plus(Duration.between(keptAt, expiresAt()).dividedBy(2)));
        }

        Instant expiresAt() {
            Decision.Standby standby = admitted.standby();
            return standby == null ? keptAt : standby.expiresAt();
        }
    }

    @Override
    public Decision decide(LoginRequest request) throws PlatformSilentException {
        Decision instead = instead(request);
        if (instead != null && clock.instant().isBefore(silentUntil)) {
            return onStandby(request, instead, "it let others wait in vain a moment ago");
        }
        try {
            Decision decision = instead == null ? desk.decide(request) : desk.decide(request, PATIENCE);
            keep(request, decision, clock.instant());
            return decision;
        } catch (PlatformSilentException e) {
            if (instead == null) {
                throw e;
            }
            if (e.getCause()
                    instanceof HttpTimeoutException) { // an error is told at once, and may be about one login alone
                silentUntil = clock.instant().plus(SILENCE);
            }
            return onStandby(request, instead, String.valueOf(e.getMessage()));
        }
    }

    private static Decision onStandby(LoginRequest request, Decision instead, String cause) {
        LOG.warn(
                "event=standby user={} source={} cause=\"{}\"",
                Printable.of(request.userName()),
                request.sourceAddress(),
                Printable.line(cause));
        return instead;
    }

    private synchronized void keep(LoginRequest request, Decision decision, Instant usedAt) {
        isChanged = true;
        if (decision instanceof Decision.Admitted admitted
                && admitted.standby() != null
                && request.publicKey().length() <= LONGEST_KEY) {
            makeRoom(Asked.of(request), admitted);
            kept.put(Asked.of(request), new Kept(admitted, clock.instant(), usedAt, request.sourceAddress()));
        } else {
            kept.remove(Asked.of(request));
        }
    }

    private void makeRoom(Asked asked, Decision.Admitted admitted) {
        if (kept.containsKey(asked)) {
            return;
        }
        List<Asked> theirs = kept.entrySet().stream()
                .filter(entry -> entry.getValue().admitted().tenant().equals(admitted.tenant()))
                .map(Map.Entry::getKey)
                .toList();
        if (theirs.size() >= MOST_OF_A_TENANT) {
            kept.remove(theirs.getFirst()); // used longest ago
        }
    }

    private synchronized @Nullable Decision instead(LoginRequest request) {
        Kept last = kept.get(Asked.of(request));
        return last != null && clock.instant().isBefore(last.expiresAt())
                ? last.admitted().onStandby()
                : null;
    }

    /** Where anything has changed. Also at the gateway's end. */
    void save() {
        List<StandbyFile.Line> lines = changed(); // logins don't wait for the disk
        if (lines != null) {
            file.write(lines);
        }
    }

    private synchronized @Nullable List<StandbyFile.Line> changed() {
        if (!isChanged) {
            return null;
        }
        isChanged = false;
        return kept.entrySet().stream()
                .map(entry -> line(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static StandbyFile.Line line(Asked asked, Kept last) {
        Decision.Admitted admitted = last.admitted();
        Decision.Standby standby = Objects.requireNonNull(admitted.standby());
        return new StandbyFile.Line(
                asked.userName(),
                asked.publicKey(),
                last.sourceAddress(),
                admitted.tenant().value(),
                admitted.container(),
                admitted.user().value(),
                admitted.rules(),
                admitted.policy(),
                standby.ticket(),
                standby.expiresAt(),
                last.keptAt(),
                last.usedAt());
    }

    /** Once a minute: renews what nears its end, and forgets whom the platform knows no more. */
    void minute() {
        renew();
        save();
    }

    private void renew() {
        for (Map.Entry<Asked, Kept> entry : due()) {
            Kept last = entry.getValue();
            var request =
                    new LoginRequest(entry.getKey().userName(), entry.getKey().publicKey(), last.sourceAddress());
            try {
                renewed(request, last, desk.renew(request));
            } catch (PlatformSilentException e) {
                LOG.debug("event=platform-silent cause={}", Printable.line(String.valueOf(e.getMessage())));
                return;
            }
        }
    }

    private synchronized List<Map.Entry<Asked, Kept>> due() {
        Instant now = clock.instant();
        kept.values().removeIf(last -> last.usedAt().plus(REMEMBERED).isBefore(now));
        return kept.entrySet().stream()
                .filter(entry -> entry.getValue().isDue(now))
                .<Map.Entry<Asked, Kept>>map(entry -> Map.entry(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** A login meanwhile has brought a newer word. */
    private synchronized void renewed(LoginRequest request, Kept last, Decision decision) {
        if (last.equals(kept.get(Asked.of(request)))) {
            keep(request, decision, last.usedAt());
        }
    }

    @Override
    public Decision wake(LoginRequest request, boolean interactive) throws PlatformSilentException {
        return desk.wake(request, interactive);
    }

    /** Where a code is demanded nobody goes on without the platform: it alone can tell whether one is right. */
    @Override
    public SecondFactorAnswer secondFactor(LoginRequest request, String code) throws PlatformSilentException {
        return desk.secondFactor(request, code);
    }

    @Override
    public LobbyCredential lobby(LoginRequest request, Proof proof) throws PlatformSilentException {
        return desk.lobby(request, proof);
    }

    @Override
    public void leaveLobby(LobbyCredential credential) {
        desk.leaveLobby(credential);
    }
}
