// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.webhook;

import io.berth.platform.webhook.Outbound.Answer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Sends what is due: to each endpoint one message at a time, in order, by one replica, which has a lease for it. So an endpoint that is slow or gone holds
 * up nobody else's, and what a replica that dies was sending is sent by another; a message comes at least once, and by its id whoever takes it knows it again.
 */
@Component
class Sending implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(Sending.class);

    /** Endpoints that are sent to at a time; each is a thread of the kernel's, as looking a name up blocks in native code, and whoever asks chooses the name's server. */
    static final int MOST_AT_ONCE = 64;

    /** How long one is stuck to; its lease is that and one more message. */
    private static final Duration TURN = Duration.ofSeconds(30);

    private static final Duration LEASE = TURN.plusSeconds(2 * Outbound.WHOLE_SECONDS);

    private final JdbcClient jdbc;
    private final Deliveries deliveries;
    private final Endpoints endpoints;
    private final Secrets secrets;
    private final Outbound outbound;
    private final Clock clock;
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("webhook-", 0).factory());

    Sending(
            JdbcClient jdbc,
            Deliveries deliveries,
            Endpoints endpoints,
            Secrets secrets,
            Outbound outbound,
            Clock clock) {
        this.jdbc = jdbc;
        this.deliveries = deliveries;
        this.endpoints = endpoints;
        this.secrets = secrets;
        this.outbound = outbound;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "PT1S")
    void sendWhatIsDue() {
        try {
            int room = free.availablePermits();
            for (UUID endpoint : room == 0 ? List.<UUID>of() : claim(room)) {
                free.acquireUninterruptibly();
                threads.execute(() -> {
                    try {
                        turn(endpoint);
                    } finally {
                        free.release();
                    }
                });
            }
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("webhooks not sent, trying again: {}", e.getMessage());
        }
    }

    @Scheduled(initialDelayString = "PT10M", fixedDelayString = "PT1H")
    void forgetOld() {
        try {
            deliveries.forgetOld();
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("old webhooks not deleted, trying again in an hour: {}", e.getMessage());
        }
    }

    private List<UUID> claim(int room) {
        return jdbc.sql("""
                        update webhook_endpoints set sender_until = now() + make_interval(secs => :lease)
                        where id in (
                            select e.id from webhook_endpoints e
                            where e.enabled and (e.sender_until is null or e.sender_until <= now()) and exists (
                                select from webhook_deliveries d
                                where d.endpoint_id = e.id and d.state = 'PENDING' and d.next_at <= now())
                            order by e.sender_until nulls first limit :room for no key update skip locked)
                        returning id
                        """)
                .param("lease", LEASE.toSeconds())
                .param("room", room)
                .query((row, number) -> row.getObject("id", UUID.class))
                .list();
    }

    private void turn(UUID endpoint) {
        long begun = System.nanoTime();
        try {
            Optional<Delivery> due = deliveries.due(endpoint);
            while (due.isPresent() && System.nanoTime() - begun < TURN.toNanos()) {
                send(endpoint, due.get());
                due = deliveries.due(endpoint);
            }
            // Not null again: the one whose turn is the longest ago is next
            jdbc.sql("update webhook_endpoints set sender_until = now() where id = :id")
                    .param("id", endpoint)
                    .update();
        } catch (DataAccessException | TransactionException | IllegalStateException e) {
            LOG.warn("webhooks of endpoint {} not sent, trying again: {}", endpoint, e.getMessage());
        }
    }

    private void send(UUID endpoint, Delivery delivery) {
        Optional<Target> target = jdbc.sql("""
                        select url, secret, case when old_secret_until > now() then old_secret end as old_secret
                        from webhook_endpoints where id = :id
                        """)
                .param("id", endpoint)
                .query((row, number) -> {
                    List<byte[]> kept = new ArrayList<>(List.of(row.getBytes("secret")));
                    Optional.ofNullable(row.getBytes("old_secret")).ifPresent(kept::add);
                    return new Target(row.getString("url"), kept);
                })
                .optional();
        if (target.isEmpty()) {
            return; // deleted meanwhile, and its deliveries with it
        }
        List<byte[]> opened = target.get().kept().stream()
                .map(secret -> secrets.opened(endpoint, secret))
                .toList();
        String id = "msg_" + delivery.message();
        Instant now = clock.instant();
        long begun = System.nanoTime();
        Answer answer = outbound.post(
                target.get().url(),
                Map.of(
                        "webhook-id", id,
                        "webhook-timestamp", Long.toString(now.getEpochSecond()),
                        "webhook-signature", Signature.of(opened, id, now, delivery.body())),
                delivery.body());
        deliveries.note(endpoint, delivery, answer, Duration.ofNanos(System.nanoTime() - begun));
        if (answer.isGone()) {
            endpoints.disable(endpoint, "it answered 410 (Gone)");
        }
    }

    private record Target(String url, List<byte[]> kept) {}

    @Override
    public void destroy() {
        threads.shutdownNow();
    }
}
