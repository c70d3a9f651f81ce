// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import io.berth.platform.paging.Page;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.Optional;
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

/** Who belongs to a tenant, over REST. */
@Tag(name = "members")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/members")
class MemberController {
    private final Members members;
    private final TenantAccess access;

    MemberController(Members members, TenantAccess access) {
        this.members = members;
        this.access = access;
    }

    record Membership(@NotNull Role role) {}

    @GetMapping
    Page<Member> list(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestParam(defaultValue = "") String cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        Tenant found = access.require(caller, tenant, Permission.READ);
        return Page.of(members.list(found, cursor, limit), limit, Member::user);
    }

    @PutMapping("/{user}")
    Member put(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String user,
            @Valid @RequestBody Membership body) {
        Tenant found = access.require(caller, tenant, Permission.MANAGE_MEMBERS);
        Optional<Member> present = members.find(found, user);
        if (!caller.actsAsOperator() && present.isEmpty()) {
            // An owner who could add any account could also find out which accounts there are
            throw new ProblemException(
                    ProblemKind.FORBIDDEN, "only an operator may add an account to a tenant; ask one");
        }
        if (body.role() == Role.OWNER) {
            access.require(caller, tenant, Permission.MANAGE_OWNERS);
        }
        checkMayTouch(caller, tenant, present);
        return members.put(found, user, body.role());
    }

    /** Only owners change what owners are. */
    private void checkMayTouch(Caller caller, String tenant, Optional<Member> present) {
        if (present.filter(member -> member.role() == Role.OWNER).isPresent()) {
            access.require(caller, tenant, Permission.MANAGE_OWNERS);
        }
    }

    @DeleteMapping("/{user}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable String user) {
        Tenant found = access.require(caller, tenant, Permission.MANAGE_MEMBERS);
        checkMayTouch(caller, tenant, members.find(found, user));
        members.delete(found, user);
    }
}
