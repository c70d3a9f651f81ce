// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import io.berth.platform.security.Caller;
import io.berth.platform.trail.Trail;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Objects;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Uses an invitation, over REST. */
@Tag(name = "members")
@RestController
@RequestMapping("/api/v1/invitations/acceptance")
class AcceptanceController {
    private final Invitations invitations;
    private final TenantAccess access;
    private final TransactionTemplate transaction;

    AcceptanceController(Invitations invitations, TenantAccess access, TransactionTemplate transaction) {
        this.invitations = invitations;
        this.access = access;
        this.transaction = transaction;
    }

    record Acceptance(@NotNull @Size(max = 256) String token) {
        @Override
        public String toString() {
            return "Acceptance";
        }
    }

    /** The caller is a member from now on; the invitation is good for nobody any more. */
    @PostMapping
    Tenant accept(@AuthenticationPrincipal Caller caller, @Valid @RequestBody Acceptance body) {
        caller.requireInPerson();
        Invitations.Opened opened =
                Objects.requireNonNull(transaction.execute(status -> accepted(caller, body.token())));
        return access.require(caller, opened.tenantId(), Permission.READ);
    }

    private Invitations.Opened accepted(Caller caller, String token) {
        Invitations.Opened opened = invitations.accept(caller, token);
        Trail.tenant(opened.tenantId());
        Trail.after(new Member(caller.userName(), opened.role()));
        return opened;
    }
}
