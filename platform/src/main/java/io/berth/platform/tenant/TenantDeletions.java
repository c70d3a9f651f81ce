// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.trail.OwnActs;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Deletes tenants whose grace is over, those below first: asks for the end of what they have until nothing is left, and then the row goes. */
@Component
class TenantDeletions {
    private static final Logger LOG = LoggerFactory.getLogger(TenantDeletions.class);

    private final Tenants tenants;
    private final ApplicationEventPublisher events;
    private final OwnActs acts;
    private final TransactionTemplate transaction;

    TenantDeletions(Tenants tenants, ApplicationEventPublisher events, OwnActs acts, TransactionTemplate transaction) {
        this.tenants = tenants;
        this.events = events;
        this.acts = acts;
        this.transaction = transaction;
    }

    @Scheduled(fixedDelayString = "PT3S")
    void deleteDue() {
        try {
            tenants.due().forEach(this::goOnWith);
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("tenants not deleted, trying again: {}", e.getMessage());
        }
    }

    /** What fails with one keeps nobody else waiting. */
    private void goOnWith(UUID id) {
        try {
            transaction.executeWithoutResult(status -> tenants.lockDue(id).ifPresent(this::go));
        } catch (DataAccessException | TransactionException | ProblemException e) {
            LOG.warn("event=tenant_not_deleted id={}, trying again: {}", id, e.getMessage());
        }
    }

    private void go(Tenant tenant) {
        if (tenants.isEmpty(tenant.id())) {
            tenants.delete(tenant);
            acts.wrote("DELETE", "/api/v1/tenants/" + tenant.name(), tenant.id(), tenant);
            LOG.info("event=tenant_deleted tenant={} id={}", tenant.name(), tenant.id());
        } else {
            events.publishEvent(new TenantDue(tenant.id()));
        }
    }
}
