// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.quota;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** Tells the operator's log of soft limits that are exceeded. */
@Component
class QuotaWarnings {
    private static final Logger LOG = LoggerFactory.getLogger(QuotaWarnings.class);

    @TransactionalEventListener
    void warn(QuotaWarning warning) {
        LOG.warn(
                "event=quota_warning tenant={} resource={} used={} soft={}",
                warning.tenant(),
                warning.resource(),
                warning.used(),
                warning.soft());
    }
}
