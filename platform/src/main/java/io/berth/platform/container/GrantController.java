// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.protocol.Request;
import io.berth.platform.node.AgentCalls;
import io.berth.platform.node.CallName;
import io.berth.platform.node.PlainLine;
import io.berth.platform.paging.Page;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Exceptions of a container from seccomp rules, over REST: for operators alone. Its tenant sees those that hold beside its denials. */
@Tag(name = "denials")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/containers/{container}/grants")
class GrantController {
    private static final Logger LOG = LoggerFactory.getLogger(GrantController.class);

    /** The node's own bound: whoever still needs it in a year grants it again. */
    private static final Duration LONGEST = Duration.ofDays(366);

    private final Containers containers;
    private final TenantAccess access;
    private final Grants grants;
    private final GrantRollout rollout;
    private final AgentCalls agent;
    private final Clock clock;

    GrantController(
            Containers containers,
            TenantAccess access,
            Grants grants,
            GrantRollout rollout,
            AgentCalls agent,
            Clock clock) {
        this.containers = containers;
        this.access = access;
        this.grants = grants;
        this.rollout = rollout;
        this.agent = agent;
        this.clock = clock;
    }

    record NewGrant(
            @NotNull @Schema(description = "when the rule holds again, at most 366 days ahead")
            Instant until,

            @NotNull
            @Pattern(regexp = PlainLine.FORM, message = PlainLine.WISH)
            @Schema(description = "one line of at most 200 characters", example = "their database needs it")
            String reason) {}

    /** Newest first, with those that have ended. */
    @GetMapping
    Page<Grant> list(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @RequestParam(required = false) @Nullable UUID cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        Container found = find(caller, tenant, container);
        Page<Grants.Entry> page = Page.of(
                grants.list(found.id(), cursor, limit),
                limit,
                entry -> entry.id().toString());
        return new Page<>(page.items().stream().map(Grants.Entry::grant).toList(), page.next());
    }

    /** The container's calls pass from now on, and no more from {@code until} on; an earlier grant of the rule ends. */
    @PutMapping("/{rule}")
    Grant put(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @PathVariable String rule,
            @Valid @RequestBody NewGrant body) {
        Container found = find(caller, tenant, container);
        var subject = new Grants.Subject(found.id(), CallName.checked("rule", rule));
        checkUntil(body.until());
        grants.add(subject, body.until(), body.reason(), caller.userId());
        rollout.roll(subject);
        Grants.Entry made = newest(subject);
        String trouble = made.grant().trouble();
        if (trouble != null) {
            grants.forget(subject, made.id());
            rollout.roll(subject);
            throw ProblemException.field(trouble.startsWith("until:") ? "until" : "rule", trouble);
        }
        LOG.info("grant container={} rule={} until={} by={}", found.id(), rule, body.until(), caller.userName());
        return made.grant();
    }

    private void checkUntil(Instant until) {
        Instant now = clock.instant();
        if (!until.isAfter(now) || until.isAfter(now.plus(LONGEST))) {
            throw ProblemException.field(
                    "until",
                    "until: choose an instant between now and 366 days ahead, such as " + now.plusSeconds(3600));
        }
    }

    private Grants.Entry newest(Grants.Subject subject) {
        return grants.list(subject.container(), null, Page.MOST).stream()
                .filter(entry -> entry.grant().rule().equals(subject.rule()))
                .findFirst()
                .orElseThrow(() -> ProblemException.notFound("grant", subject.rule()));
    }

    /** The rule holds again at once; also where root on the node had granted the exception. */
    @DeleteMapping("/{rule}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @PathVariable String rule) {
        Container found = find(caller, tenant, container);
        var subject = new Grants.Subject(found.id(), CallName.checked("rule", rule));
        if (grants.end(subject, caller.userId())) {
            rollout.roll(subject);
        } else {
            revokeOnNode(found, rule);
        }
        LOG.info("grant revoked container={} rule={} by={}", found.id(), rule, caller.userName());
    }

    private void revokeOnNode(Container container, String rule) {
        List<io.berth.core.protocol.Grant> held =
                agent.ask(it -> it.denials(container.containerId())).grants();
        if (held.stream().noneMatch(grant -> grant.rule().equals(rule))) {
            throw ProblemException.notFound("grant", rule);
        }
        agent.ask(it -> {
            it.done(new Request.Revoke(container.containerId(), rule));
            return rule;
        });
    }

    private Container find(Caller caller, String tenant, String container) {
        var found = access.require(caller, tenant, Permission.READ); // 404 comes before 403
        caller.requireOperator();
        return containers.get(found, container);
    }
}
