// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.platform.event.ServerSentEvents;
import io.berth.platform.event.StreamSlots;
import io.berth.platform.security.Caller;
import io.berth.platform.security.Standing;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Figures as they come. */
@Tag(name = "usage")
@RestController
class UsageStreamController {
    private static final Logger LOG = LoggerFactory.getLogger(UsageStreamController.class);

    private final Containers containers;
    private final TenantAccess access;
    private final UsageSampler sampler;
    private final StreamSlots slots;

    UsageStreamController(Containers containers, TenantAccess access, UsageSampler sampler, StreamSlots slots) {
        this.containers = containers;
        this.access = access;
        this.sampler = sampler;
        this.slots = slots;
    }

    /**
     * Server-sent events named usage, about every two seconds while the container runs: what GET …/usage answers, and at, when the kernel was
     * asked.
     */
    @GetMapping(
            path = "/api/v1/tenants/{tenant}/containers/{container}/usage/stream",
            produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void stream(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            HttpServletRequest request,
            HttpServletResponse response)
            throws InterruptedException {
        Tenant owner = access.require(caller, tenant, Permission.READ);
        Container found = containers.get(owner, container);
        try (StreamSlots.Slot _ = slots.take(caller)) {
            var watch = new UsageWatch(found.id(), owner.id(), caller.userId(), Standing.of(request));
            sampler.join(watch);
            try {
                send(watch, ServerSentEvents.begin(response));
            } catch (IOException e) {
                LOG.debug("watcher gone", e);
            } finally {
                sampler.leave(watch);
            }
        }
    }

    private static void send(UsageWatch watch, ServerSentEvents to) throws IOException, InterruptedException {
        while (true) {
            Optional<String> figures = watch.take(ServerSentEvents.HEARTBEAT);
            if (watch.isEnded()) {
                return;
            }
            if (figures.isPresent()) {
                to.send(null, "usage", figures.get());
            } else {
                to.heartbeat(null);
            }
        }
    }
}
