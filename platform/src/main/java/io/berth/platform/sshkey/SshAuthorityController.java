// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import io.berth.core.spec.InvalidSpecException;
import io.berth.core.spec.TenantName;
import io.berth.platform.idempotency.Idempotency;
import io.berth.platform.paging.Page;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A tenant's own CAs over REST. Whoever holds one says who gets in, so they are for those who say who is a member. */
@Tag(name = "ssh-authorities")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/ssh-authorities")
class SshAuthorityController {
    private static final Logger LOG = LoggerFactory.getLogger(SshAuthorityController.class);
    private static final String NAME = "[A-Za-z0-9]([A-Za-z0-9 ._@-]{0,62}[A-Za-z0-9])?";

    private final SshAuthorities authorities;
    private final TenantAccess access;
    private final Idempotency idempotency;

    SshAuthorityController(SshAuthorities authorities, TenantAccess access, Idempotency idempotency) {
        this.authorities = authorities;
        this.access = access;
        this.idempotency = idempotency;
    }

    record NewAuthority(
            @NotNull @Pattern(regexp = NAME) @Schema(example = "ops")
            String name,

            @Schema(description = "the line of the CA's .pub file") @NotNull
            String publicKey,

            @Schema(
                    description =
                            "what its certificates may open at most: CONTAINER or USER+CONTAINER, * for any of them; "
                                    + "left out: *+*",
                    example = "[\"www-data+web\"]")
            @Nullable
            @Size(min = 1, max = 64)
            List<String> principals) {
        PublicKey key() {
            try {
                PublicKey key = PublicKey.parse(publicKey);
                if (!UserCertificate.isFor(key)) {
                    throw new UnfitKeyException("a security key's signatures on certificates are not read here; "
                            + "give a CA of another type");
                }
                return key;
            } catch (UnfitKeyException e) {
                throw ProblemException.field("publicKey", "publicKey: " + e.getMessage());
            }
        }

        List<Principal> granted(TenantName tenant) {
            try {
                return principals == null
                        ? List.of(Principal.everything(tenant))
                        : principals.stream()
                                .map(text -> Principal.asked(text, tenant))
                                .distinct()
                                .toList();
            } catch (InvalidSpecException e) {
                throw ProblemException.field("principals", "principals: " + e.getMessage());
            }
        }
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<SshAuthority> add(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewAuthority body) {
        Tenant found = access.require(caller, tenant, Permission.MANAGE_MEMBERS);
        PublicKey publicKey = body.key();
        List<Principal> granted = body.granted(new TenantName(found.name()));
        return idempotency.once(caller, key, "POST /ssh-authorities " + found.id(), body, SshAuthority.class, () -> {
            SshAuthority added = authorities.add(found, caller.userId(), body.name(), publicKey, granted);
            LOG.info(
                    "event=ssh-authority-added tenant={} user={} key={} principals={}",
                    found.name(),
                    caller.userName(),
                    added.fingerprint(),
                    added.principals());
            return ResponseEntity.created(
                            URI.create("/api/v1/tenants/" + found.name() + "/ssh-authorities/" + added.id()))
                    .body(added);
        });
    }

    @GetMapping
    Page<SshAuthority> list(@AuthenticationPrincipal Caller caller, @PathVariable String tenant) {
        return new Page<>(authorities.list(access.require(caller, tenant, Permission.READ)), null);
    }

    @GetMapping("/{authority}")
    SshAuthority get(
            @AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable UUID authority) {
        return authorities.get(access.require(caller, tenant, Permission.READ), authority);
    }

    /** From now on its certificates open nothing here. */
    @DeleteMapping("/{authority}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable UUID authority) {
        Tenant found = access.require(caller, tenant, Permission.MANAGE_MEMBERS);
        authorities.remove(found, authority);
        LOG.info(
                "event=ssh-authority-removed tenant={} user={} authority={}",
                found.name(),
                caller.userName(),
                authority);
    }
}
