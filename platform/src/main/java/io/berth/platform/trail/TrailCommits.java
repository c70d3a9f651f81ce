// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.trail;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.HandlerMapping;

/**
 * A request's entry is part of its first transaction: there is no effect without it, and no entry where the commit fails. Hooked to
 * the transactions themselves, so that no verb can be forgotten.
 */
@Component
class TrailCommits implements TransactionExecutionListener {
    private final TrailRows rows;

    TrailCommits(TrailRows rows) {
        this.rows = rows;
    }

    @Override
    public void beforeCommit(TransactionExecution transaction) {
        if (transaction.isReadOnly()
                || !(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)) {
            return;
        }
        HttpServletRequest request = attributes.getRequest();
        // Whatever looks a credential up, before a handler is found, is no effect
        if (TrailFilter.isAwaited(request)
                && request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE) != null) {
            rows.write(request, Outcome.DONE, null);
            TrailFilter.written(request);
        }
    }
}
