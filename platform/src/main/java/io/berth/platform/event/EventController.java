// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.event;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import io.berth.platform.security.Standing;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Changes as they happen. */
@Tag(name = "events")
@RestController
class EventController {
    private static final Logger LOG = LoggerFactory.getLogger(EventController.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final EventFeed feed;
    private final TenantAccess access;
    private final StreamSlots slots;

    EventController(EventFeed feed, TenantAccess access, StreamSlots slots) {
        this.feed = feed;
        this.access = access;
        this.slots = slots;
    }

    /**
     * Server-sent events of all that the caller may see: container, operation, node, image and drift, each with tenant, change (CREATED,
     * UPDATED or DELETED) and the resource as GET shows it. Nothing is missed that happens after the answer's head. Last-Event-ID resumes;
     * where that can't be done, and for who reads too slowly, comes an event reset: fetch everything anew. A resource may be told twice,
     * and each time as it is then.
     */
    @GetMapping(path = "/api/v1/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void events(
            @AuthenticationPrincipal Caller caller,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws InterruptedException {
        try (StreamSlots.Slot _ = slots.take(caller)) {
            var subscription = new Subscription(caller, Standing.of(request), access, horizon(lastEventId));
            feed.join(subscription);
            try {
                if (!subscription.awaitBegin(PATIENCE)) {
                    throw new ProblemException(
                            ProblemKind.UNAVAILABLE, "the database does not answer; try again in a moment");
                }
                send(subscription, ServerSentEvents.begin(response));
            } catch (IOException e) {
                LOG.debug("watcher gone", e);
            } finally {
                feed.leave(subscription);
            }
        }
    }

    /** What is none of ours can't be resumed from, as 0 can't. */
    private static @Nullable Long horizon(@Nullable String lastEventId) {
        if (lastEventId == null || lastEventId.isEmpty()) {
            return null;
        }
        return lastEventId.matches("[0-9]{1,18}") ? Long.valueOf(lastEventId) : Long.valueOf(0);
    }

    private void send(Subscription subscription, ServerSentEvents to) throws IOException, InterruptedException {
        while (true) {
            long horizon = feed.horizon(); // before the look: what is older is in the queue, or was
            Optional<Subscription.Item> item = subscription.take(ServerSentEvents.HEARTBEAT);
            if (item.isEmpty()) {
                to.heartbeat(Long.toString(horizon));
                continue;
            }
            switch (item.get()) {
                case Subscription.Item.Told(Event event) ->
                    to.send(Long.toString(event.horizon()), event.kind().eventName(), event.json());
                case Subscription.Item.Reset(long from) -> to.send(Long.toString(from), "reset", "{}");
                case Subscription.Item.Ended() -> {
                    return;
                }
            }
        }
    }
}
