// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.quota;

import io.berth.platform.paging.Page;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where quota and reality differ, over REST, for operators. */
@Tag(name = "quota")
@RestController
@RequestMapping("/api/v1/quota-drift")
class QuotaDriftController {
    private final QuotaReconciliation reconciliation;

    QuotaDriftController(QuotaReconciliation reconciliation) {
        this.reconciliation = reconciliation;
    }

    /** Looks now; empty when all is well. */
    @GetMapping
    Page<QuotaDrift> list(@AuthenticationPrincipal Caller caller) {
        caller.requireOperator(OperatorPower.LOOK);
        return new Page<>(reconciliation.find(), null);
    }
}
