// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.event;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the outbox, once for all who watch: each resource is loaded and written as JSON once for however many. It looks instead of being
 * notified: NOTIFY costs every writing transaction, and a look costs nobody anything.
 */
@Component
class EventFeed implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(EventFeed.class);

    /** A fifth of the second in which a change is to be on the screen. */
    private static final long PACE_MILLIS = 200;

    private static final long PACE_WITH_NOBODY_MILLIS = 1000;

    /** Tokens and sessions also run out by themselves. */
    private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final String ACCESS = "ACCESS";

    private final EventOutbox outbox;
    private final List<EventSource> sources;
    private final List<AccessListener> listeners;
    private final JsonMapper json;
    private final Queue<Subscription> joining = new ConcurrentLinkedQueue<>();
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    private final Semaphore wake = new Semaphore(0);
    private Set<Long> seen = Set.of();
    private long lookedAgainAt = System.nanoTime();
    private volatile long horizon;
    private volatile boolean open;

    EventFeed(EventOutbox outbox, List<EventSource> sources, List<AccessListener> listeners, JsonMapper json) {
        this.outbox = outbox;
        this.sources = List.copyOf(sources);
        this.listeners = List.copyOf(listeners);
        this.json = json;
    }

    /** Takes effect once {@link Subscription#awaitBegin} returns. */
    void join(Subscription subscription) {
        joining.add(subscription);
        wake.release();
    }

    void leave(Subscription subscription) {
        joining.remove(subscription);
        subscriptions.remove(subscription);
    }

    /** Everything before it has been told. */
    long horizon() {
        return horizon;
    }

    @Override
    public void start() {
        open = true;
        horizon = outbox.horizon();
        Thread.ofVirtual().name("event-feed").start(this::run);
    }

    private void run() {
        boolean wasLost = false;
        boolean hasFailed = false;
        while (open) {
            try {
                if (hasFailed || (wasLost && !outbox.reaches(horizon))) {
                    startOver(outbox.horizon());
                }
                hasFailed = false;
                look();
                wasLost = false;
            } catch (DataAccessException | TransactionException e) {
                LOG.debug("the database does not answer, looking again", e);
                wasLost = true;
            } catch (RuntimeException e) {
                LOG.error("events were not told, who watches is told to fetch everything anew", e);
                hasFailed = true; // past what can't be told
            }
            pause();
        }
        joining.forEach(Subscription::end);
        subscriptions.forEach(Subscription::end);
    }

    private void pause() {
        boolean isWatched = !subscriptions.isEmpty() || listeners.stream().anyMatch(AccessListener::holdsAnything);
        try {
            if (wake.tryAcquire(isWatched ? PACE_MILLIS : PACE_WITH_NOBODY_MILLIS, TimeUnit.MILLISECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does that
        }
    }

    private void startOver(long from) {
        horizon = from;
        seen = Set.of();
        subscriptions.forEach(Subscription::lookAgain);
        subscriptions.forEach(subscription -> subscription.reset(from));
        listeners.forEach(listener -> listener.accessChanged(null, null));
    }

    private void look() {
        long next = outbox.horizon();
        admit();
        List<EventOutbox.Row> rows = outbox.since(horizon);
        if (rows.size() > EventOutbox.MOST) {
            startOver(next);
            return;
        }
        Set<Long> before = seen;
        List<EventOutbox.Row> fresh =
                rows.stream().filter(row -> !before.contains(row.id())).toList();
        tellAccess(fresh);
        lookAgainNowAndThen();
        if (!subscriptions.isEmpty()) {
            Collection<Event> events = events(fresh);
            subscriptions.forEach(subscription -> subscription.tell(events));
        }
        seen = rows.stream()
                .filter(row -> row.transaction() >= next)
                .map(EventOutbox.Row::id)
                .collect(Collectors.toCollection(HashSet::new));
        horizon = next;
    }

    /** Who resumes gets what was missed first, from this thread, so that nothing older follows what is newer. */
    private void admit() {
        for (Subscription joined = joining.poll(); joined != null; joined = joining.poll()) {
            Long from = joined.resumeFrom();
            if (from != null) {
                resume(joined, from);
            }
            subscriptions.add(joined);
            joined.begin();
        }
    }

    private void resume(Subscription subscription, long from) {
        List<EventOutbox.Row> missed = outbox.reaches(from) ? outbox.since(from) : List.of();
        if (missed.size() > EventOutbox.MOST || !outbox.reaches(from)) {
            subscription.reset(horizon);
        } else {
            subscription.tell(events(missed));
        }
    }

    private void tellAccess(List<EventOutbox.Row> rows) {
        for (EventOutbox.Row row : rows) {
            if (row.kind().equals(ACCESS)) {
                UUID user = row.resource().isEmpty() ? null : UUID.fromString(row.resource());
                subscriptions.stream()
                        .filter(subscription -> subscription.concerns(user))
                        .forEach(Subscription::lookAgain);
                listeners.forEach(listener -> listener.accessChanged(user, row.tenantId()));
            }
        }
    }

    private void lookAgainNowAndThen() {
        if (System.nanoTime() - lookedAgainAt >= LOOK_AGAIN_NANOS) {
            lookedAgainAt = System.nanoTime();
            subscriptions.forEach(Subscription::lookAgain);
            listeners.forEach(listener -> listener.accessChanged(null, null));
        }
    }

    private record Key(EventKind kind, String resource) {}

    private record Summary(
            Change change,
            @Nullable UUID tenantId,
            @Nullable String tenant) {
        Summary then(Summary later) {
            return new Summary(change.then(later.change), later.tenantId, later.tenant);
        }
    }

    /** One event a resource, in the order of each one's newest change. */
    private List<Event> events(List<EventOutbox.Row> rows) {
        Map<Key, Summary> summaries = new LinkedHashMap<>();
        for (EventOutbox.Row row : rows) {
            if (!row.kind().equals(ACCESS)) {
                var key = new Key(EventKind.valueOf(row.kind()), row.resource());
                var summary = new Summary(row.change(), row.tenantId(), row.tenant());
                Summary earlier = summaries.remove(key);
                summaries.put(key, earlier == null ? summary : earlier.then(summary));
            }
        }
        Map<EventKind, Map<String, Object>> resources = load(summaries.keySet());
        long resume = horizon;
        return summaries.entrySet().stream()
                .filter(entry -> resource(resources, entry.getKey()) != null)
                .map(entry -> event(entry.getKey(), entry.getValue(), resources, resume))
                .toList();
    }

    private Event event(Key key, Summary summary, Map<EventKind, Map<String, Object>> resources, long resume) {
        Object resource = resource(resources, key);
        if (resource == null) {
            throw new IllegalStateException("filtered before: " + key);
        }
        var data = new Event.Data(summary.tenant(), summary.change(), resource);
        return new Event(resume, key.kind(), summary.tenantId(), json.writeValueAsString(data));
    }

    private static @Nullable Object resource(Map<EventKind, Map<String, Object>> resources, Key key) {
        return resources.getOrDefault(key.kind(), Map.of()).get(key.resource());
    }

    private Map<EventKind, Map<String, Object>> load(Set<Key> keys) {
        Map<EventKind, Map<String, Object>> resources = new EnumMap<>(EventKind.class);
        for (EventSource source : sources) {
            Set<String> names = keys.stream()
                    .filter(key -> key.kind() == source.kind())
                    .map(Key::resource)
                    .collect(Collectors.toSet());
            if (!names.isEmpty()) {
                resources.put(source.kind(), source.load(names));
            }
        }
        return resources;
    }

    /** Before the web server waits for its requests to end: streams end by this alone. */
    @Override
    public void stop() {
        open = false;
        wake.release();
    }

    @Override
    public boolean isRunning() {
        return open;
    }
}
