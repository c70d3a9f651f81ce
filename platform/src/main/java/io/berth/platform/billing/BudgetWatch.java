// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.berth.platform.trail.OwnActs;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Looks at every budget again and again: roll-ups of usage are a minute old at most, and so is what is done because of them. */
@Component
class BudgetWatch {
    private static final Logger LOG = LoggerFactory.getLogger(BudgetWatch.class);

    private final Budgets budgets;
    private final JdbcClient jdbc;
    private final OwnActs acts;
    private final TransactionTemplate transaction;

    BudgetWatch(Budgets budgets, JdbcClient jdbc, OwnActs acts, TransactionTemplate transaction) {
        this.budgets = budgets;
        this.jdbc = jdbc;
        this.acts = acts;
        this.transaction = transaction;
    }

    @Scheduled(fixedDelayString = "PT1M")
    void lookAgain() {
        try {
            budgets.all().forEach(this::lookUnlessItFails);
        } catch (DataAccessException e) {
            LOG.warn("budgets not looked at, trying again in a minute: {}", e.getMessage());
        }
    }

    /** Whose cannot be computed holds up nobody else's. */
    private void lookUnlessItFails(UUID tenant) {
        try {
            look(tenant);
        } catch (RuntimeException e) { // whatever it is: those who come after it have budgets too
            LOG.error("budget of tenant {} not looked at, trying again in a minute", tenant, e);
        }
    }

    /** One transaction each: what one tenant's usage costs holds up nobody else's. Two replicas that look find the same. */
    private void look(UUID tenant) {
        transaction.executeWithoutResult(status -> budgets.lock(tenant).ifPresent(present -> {
            Budget looked = budgets.look(tenant, present);
            if (looked.step() != present.step()) {
                acts.wrote("POST", "/api/v1/tenants/" + name(tenant) + "/budget/steps", tenant, present);
            }
        }));
    }

    private String name(UUID tenant) {
        return jdbc.sql("select name from tenants where id = :id")
                .param("id", tenant)
                .query(String.class)
                .single();
    }
}
