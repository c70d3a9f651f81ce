// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import io.berth.core.access.AccessRules;
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
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A tenant's SSH keys over REST. */
@Tag(name = "ssh-keys")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/ssh-keys")
class SshKeyController {
    private final SshKeys keys;
    private final TenantAccess access;
    private final Idempotency idempotency;

    SshKeyController(SshKeys keys, TenantAccess access, Idempotency idempotency) {
        this.keys = keys;
        this.access = access;
        this.idempotency = idempotency;
    }

    record NewSshKey(
            @NotNull @Size(min = 1, max = 64) String name,

            @Schema(description = "a line of a .pub file, or of authorized_keys with its options") @NotNull
            String publicKey,

            @Valid @Nullable KeyOptions options) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<SshKey> add(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewSshKey body) {
        Tenant found = access.require(caller, tenant, Permission.WRITE);
        AuthorizedKey line = limited(parsed(body.publicKey()), body.options());
        return idempotency.once(caller, key, "POST /ssh-keys " + found.id(), body, SshKey.class, () -> {
            SshKey added = keys.add(found, caller.userId(), body.name(), line);
            return ResponseEntity.created(URI.create("/api/v1/tenants/" + found.name() + "/ssh-keys/" + added.id()))
                    .body(added);
        });
    }

    private static AuthorizedKey parsed(String line) {
        try {
            return AuthorizedKey.parse(line);
        } catch (UnfitKeyException e) {
            throw ProblemException.field("publicKey", "publicKey: " + e.getMessage());
        }
    }

    private static AuthorizedKey limited(AuthorizedKey line, @Nullable KeyOptions options) {
        if (options == null) {
            return line;
        }
        AccessRules rules = options.rules("options.");
        if (line.rules() != null) {
            throw ProblemException.field(
                    "options", "options: there are some before the key too; give them in one place only");
        }
        return new AuthorizedKey(line.key(), rules);
    }

    /** Replaces all of a key's options. */
    @PutMapping("/{key}/options")
    SshKey limit(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable UUID key,
            @Valid @RequestBody KeyOptions body) {
        Tenant found = access.require(caller, tenant, Permission.WRITE);
        return keys.limit(found, key, body.rules(""));
    }

    @GetMapping
    Page<SshKey> list(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestParam(defaultValue = "") String cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        Tenant found = access.require(caller, tenant, Permission.READ);
        return Page.of(keys.list(found, cursor, limit), limit, SshKey::name);
    }

    @GetMapping("/{key}")
    SshKey get(@AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable UUID key) {
        return keys.get(access.require(caller, tenant, Permission.READ), key);
    }

    @DeleteMapping("/{key}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable UUID key) {
        keys.delete(access.require(caller, tenant, Permission.WRITE), key);
    }
}
