// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import io.berth.core.access.AccessRules;
import io.berth.core.spec.TenantName;
import io.berth.platform.idempotency.Idempotency;
import io.berth.platform.paging.Page;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A tenant's SSH certificates over REST. */
@Tag(name = "ssh-certificates")
@RestController
@RequestMapping("/api/v1")
class SshCertificateController {
    private final SshCertificates certificates;
    private final CertificateAuthority authority;
    private final TenantAccess access;
    private final Idempotency idempotency;

    SshCertificateController(
            SshCertificates certificates,
            CertificateAuthority authority,
            TenantAccess access,
            Idempotency idempotency) {
        this.certificates = certificates;
        this.authority = authority;
        this.access = access;
        this.idempotency = idempotency;
    }

    @PostMapping("/tenants/{tenant}/ssh-certificates")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<SshCertificate> issue(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewCertificate body) {
        Tenant found = access.require(caller, tenant, Permission.WRITE);
        PublicKey publicKey = body.key();
        List<Principal> principals = body.principals(new TenantName(found.name()));
        AccessRules rules = body.rules();
        return idempotency.once(caller, key, "POST /ssh-certificates " + found.id(), body, SshCertificate.class, () -> {
            SshCertificate issued = certificates.issue(found, caller, publicKey, principals, rules);
            return ResponseEntity.created(
                            URI.create("/api/v1/tenants/" + found.name() + "/ssh-certificates/" + issued.id()))
                    .body(issued);
        });
    }

    @GetMapping("/tenants/{tenant}/ssh-certificates")
    Page<SshCertificate> list(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestParam(required = false) @Nullable UUID cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        Tenant found = access.require(caller, tenant, Permission.READ);
        return Page.of(
                certificates.list(found, cursor, limit), limit, it -> it.id().toString());
    }

    @GetMapping("/tenants/{tenant}/ssh-certificates/{certificate}")
    SshCertificate get(
            @AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable UUID certificate) {
        return certificates.get(access.require(caller, tenant, Permission.READ), certificate);
    }

    /** Revokes it: from now on it opens nothing. Its row stays. */
    @DeleteMapping("/tenants/{tenant}/ssh-certificates/{certificate}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(@AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable UUID certificate) {
        certificates.revoke(access.require(caller, tenant, Permission.WRITE), caller, certificate);
    }

    /**
     * Who signs them.
     *
     * @param publicKey as it stands in a TrustedUserCAKeys file
     */
    record Authority(String publicKey) {}

    @GetMapping("/ssh-certificate-authority")
    Authority authority() {
        return new Authority(authority.publicKey());
    }
}
