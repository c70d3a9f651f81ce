// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.account;

import io.berth.platform.idempotency.Idempotency;
import io.berth.platform.paging.Page;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.berth.platform.security.OperatorRole;
import io.berth.platform.security.PasswordSignIn;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
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

/** Accounts over REST. */
@Tag(name = "users")
@RestController
@RequestMapping("/api/v1/users")
class UserController {
    private final Users users;
    private final Passwords passwords;
    private final PasswordSignIn signIn;
    private final Recoveries recoveries;
    private final Idempotency idempotency;

    UserController(
            Users users, Passwords passwords, PasswordSignIn signIn, Recoveries recoveries, Idempotency idempotency) {
        this.users = users;
        this.passwords = passwords;
        this.signIn = signIn;
        this.recoveries = recoveries;
        this.idempotency = idempotency;
    }

    record NewUser(
            @NotNull String name,
            @NotNull String password,

            @Nullable @Schema(description = "true: an operator of the role ADMIN, unless operatorRole says another")
            Boolean operator,

            @Nullable @Schema(description = "left out, with no operator: none")
            OperatorRole operatorRole) {
        /** What is hashed for the Idempotency-Key: a quick hash of a password must lie nowhere. */
        NewUser withoutPassword() {
            return new NewUser(name, "", operator, operatorRole);
        }

        @Nullable
        OperatorRole role() {
            if (Boolean.FALSE.equals(operator) && operatorRole != null) {
                throw ProblemException.field(
                        "operatorRole", "operatorRole: goes with no operator; leave one of both out");
            }
            return operatorRole == null && Boolean.TRUE.equals(operator) ? OperatorRole.ADMIN : operatorRole;
        }

        @Override
        public String toString() {
            return "NewUser[" + name + "]";
        }
    }

    record PasswordChange(@Nullable String current, @NotNull String password) {
        @Override
        public String toString() {
            return "PasswordChange";
        }
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<User> create(
            @AuthenticationPrincipal Caller caller,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewUser body) {
        caller.requireOperator();
        OperatorRole role = body.role();
        if (role != null) {
            requireForOperators(caller);
        }
        String hash = passwords.accepted(body.password());
        return idempotency.once(caller, key, "POST /users", body.withoutPassword(), User.class, () -> {
            User user = users.create(body.name(), hash, role);
            return ResponseEntity.created(URI.create("/api/v1/users/" + user.name()))
                    .body(user);
        });
    }

    @GetMapping
    Page<User> list(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(defaultValue = "") String cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        caller.requireOperator(OperatorPower.LOOK);
        return Page.of(users.list(cursor, limit), limit, User::name);
    }

    @GetMapping("/{user}")
    User get(@AuthenticationPrincipal Caller caller, @PathVariable String user) {
        return users.find(user)
                .filter(found ->
                        caller.operates(OperatorPower.LOOK) || found.id().equals(caller.userId()))
                .orElseThrow(() -> ProblemException.notFound("user", user));
    }

    record NewRole(@NotNull OperatorRole role) {}

    /** Makes the account an operator, or another kind of one; it holds from its next request on. */
    @PutMapping("/{user}/operator-role")
    User setRole(@AuthenticationPrincipal Caller caller, @PathVariable String user, @Valid @RequestBody NewRole body) {
        return users.setRole(mayChangeRole(caller, user), body.role());
    }

    /** The account is no operator any more. */
    @DeleteMapping("/{user}/operator-role")
    User endRole(@AuthenticationPrincipal Caller caller, @PathVariable String user) {
        return users.setRole(mayChangeRole(caller, user), null);
    }

    private User mayChangeRole(Caller caller, String user) {
        User found = visible(caller, user);
        caller.requireOperator();
        caller.requireInPerson();
        caller.requireFresh();
        return found;
    }

    /** Everybody their own with the current one; operators anybody's. */
    @PutMapping("/{user}/password")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void setPassword(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String user,
            @Valid @RequestBody PasswordChange body,
            HttpServletRequest request) {
        caller.requireInPerson();
        User found = visible(caller, user);
        if (found.id().equals(caller.userId())) {
            String current = body.current();
            if (current == null) {
                throw ProblemException.field("current", "current: give the present password");
            }
            signIn.checkPassword(found.name(), current, request.getRemoteAddr());
        } else {
            caller.requireFresh();
        }
        users.setPassword(found.id(), passwords.accepted(body.password()));
    }

    /** For whoever has lost the password: they choose another by it, and nobody else ever knows that. */
    @PostMapping("/{user}/recovery-link")
    @ResponseStatus(HttpStatus.CREATED)
    RecoveryLink recoveryLink(
            @AuthenticationPrincipal Caller caller, @PathVariable String user, @Valid @RequestBody Loss body) {
        User found = visible(caller, user);
        caller.requireOperator();
        caller.requireInPerson();
        caller.requireFresh();
        return recoveries.issue(caller, found, Boolean.TRUE.equals(body.secondFactors()));
    }

    /** What was lost beside the password. */
    record Loss(
            @Schema(description = "also removes the account's second factors") @Nullable
            Boolean secondFactors) {}

    @DeleteMapping("/{user}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@AuthenticationPrincipal Caller caller, @PathVariable String user) {
        User found = visible(caller, user);
        caller.requireOperator();
        if (found.id().equals(caller.userId())) {
            throw new ProblemException(ProblemKind.CONFLICT, "you can't delete your own account; ask another operator");
        }
        if (found.operatorRole() != null) {
            requireForOperators(caller);
        }
        users.delete(found);
    }

    /** A token that leaked makes no operators, and takes none away. */
    private static void requireForOperators(Caller caller) {
        caller.requireInPerson();
        caller.requireFresh();
    }

    private User visible(Caller caller, String name) {
        return users.find(name)
                .filter(user -> caller.actsAsOperator() || user.id().equals(caller.userId()))
                .orElseThrow(() -> ProblemException.notFound("user", name));
    }
}
