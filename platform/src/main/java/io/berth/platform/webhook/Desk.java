// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.webhook;

import io.berth.platform.idempotency.Idempotency;
import io.berth.platform.paging.Page;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import io.berth.platform.trail.Trail;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** What is done with endpoints, whoever's they are; the controllers say who may. */
@Component
class Desk {
    private static final String PRINTABLE = "[!-~]{1,500}";
    private static final String LINE = "(?=.*\\S)[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S} ]{1,100}";

    private final Endpoints endpoints;
    private final Deliveries deliveries;
    private final Reach reach;
    private final Idempotency idempotency;
    private final TransactionTemplate transaction;

    Desk(
            Endpoints endpoints,
            Deliveries deliveries,
            Reach reach,
            Idempotency idempotency,
            TransactionTemplate transaction) {
        this.endpoints = endpoints;
        this.deliveries = deliveries;
        this.reach = reach;
        this.idempotency = idempotency;
        this.transaction = transaction;
    }

    /** Whose endpoints: a tenant's, or with null the operators'; and where they are found. */
    record Owner(@Nullable UUID tenant, String path) {}

    /** All of an endpoint but its secret. */
    record EndpointWish(
            @NotNull
            @Schema(example = "https://berth.example/told", description = "its host must be one on the internet")
            @Pattern(regexp = PRINTABLE, message = "write a URL of at most 500 printable ASCII characters")
            String url,

            @Nullable
            @Schema(example = "our billing")
            @Pattern(regexp = LINE, message = "write one line of 1 to 100 letters, digits, punctuation and blanks")
            String label,

            @Nullable @Size(max = 30) @Schema(description = "what is told; everything when left out or empty")
            List<@NotNull EventType> types,

            @Nullable @Schema(defaultValue = "true") Boolean enabled) {}

    private Endpoints.Wish wish(EndpointWish body) {
        String complaint = reach.complaint(body.url());
        if (complaint != null) {
            throw ProblemException.field("url", "url: " + complaint);
        }
        return new Endpoints.Wish(
                body.url(),
                body.label(),
                Objects.requireNonNullElse(body.types(), List.of()),
                !Boolean.FALSE.equals(body.enabled()));
    }

    ResponseEntity<Endpoint> create(Caller caller, Owner owner, @Nullable String key, EndpointWish body) {
        Endpoints.Wish wish = wish(body);
        return idempotency.once(
                new Idempotency.Request<>(caller, key, "POST " + owner.path(), body, Endpoint.class),
                () -> {
                    Endpoint made = endpoints.create(owner.tenant(), wish, caller.userId());
                    return ResponseEntity.created(URI.create(owner.path() + "/" + made.id()))
                            .eTag(made.etag())
                            .body(made);
                },
                made -> made.withSecret(null));
    }

    Page<Endpoint> list(Owner owner) {
        return new Page<>(endpoints.list(owner.tenant()), null);
    }

    ResponseEntity<Endpoint> get(Owner owner, UUID id) {
        return answer(endpoints.get(owner.tenant(), id));
    }

    private static ResponseEntity<Endpoint> answer(Endpoint endpoint) {
        return ResponseEntity.ok().eTag(endpoint.etag()).body(endpoint);
    }

    ResponseEntity<Endpoint> change(Owner owner, UUID id, @Nullable String ifMatch, EndpointWish body) {
        Endpoints.Wish wish = wish(body);
        return answer(Objects.requireNonNull(transaction.execute(status -> {
            Endpoint present = matched(owner, id, ifMatch);
            requireUnchanged(endpoints.change(present, wish), present);
            Endpoint changed = endpoints.get(owner.tenant(), id);
            Trail.after(changed);
            return changed;
        })));
    }

    void delete(Owner owner, UUID id, @Nullable String ifMatch) {
        transaction.executeWithoutResult(status -> {
            Endpoint present = matched(owner, id, ifMatch);
            requireUnchanged(endpoints.delete(present), present);
        });
    }

    private Endpoint matched(Owner owner, UUID id, @Nullable String ifMatch) {
        Endpoint present = endpoints.get(owner.tenant(), id);
        Trail.before(present);
        requireUnchanged(ifMatch == null || ifMatch.equals("*") || ifMatch.equals(present.etag()), present);
        return present;
    }

    private static void requireUnchanged(boolean isSo, Endpoint endpoint) {
        if (!isSo) {
            throw new ProblemException(
                    ProblemKind.PRECONDITION_FAILED, "endpoint " + endpoint.id() + " has changed since; read it again");
        }
    }

    /** Said again with the key, the answer is the same but for the secret: that is shown once. */
    ResponseEntity<Endpoint> rotate(Caller caller, Owner owner, @Nullable String key, UUID id) {
        return idempotency.once(
                new Idempotency.Request<>(caller, key, post(owner, id, "rotation"), "", Endpoint.class),
                () -> answer(endpoints.rotate(owner.tenant(), id)),
                rotated -> rotated.withSecret(null));
    }

    private static String post(Owner owner, UUID id, String what) {
        return "POST " + owner.path() + "/" + id + "/" + what;
    }

    ResponseEntity<Delivery> tryOut(Caller caller, Owner owner, @Nullable String key, UUID id) {
        UUID found = endpoints.get(owner.tenant(), id).id();
        return idempotency.once(
                caller,
                key,
                post(owner, found, "test"),
                "",
                Delivery.class,
                () -> ResponseEntity.status(HttpStatus.ACCEPTED).body(deliveries.tryOut(found)));
    }

    Page<Delivery> deliveries(Owner owner, UUID id, Delivery.@Nullable State state, @Nullable Long cursor, int limit) {
        UUID found = endpoints.get(owner.tenant(), id).id();
        return Page.of(
                deliveries.list(found, state, cursor, limit), limit, delivery -> Long.toString(delivery.number()));
    }

    Page<Delivery.Attempt> attempts(Owner owner, UUID id, UUID message) {
        UUID found = endpoints.get(owner.tenant(), id).id();
        deliveries.get(found, message);
        return new Page<>(deliveries.attempts(found, message), null);
    }

    /** A message, and to which endpoint. */
    record Sent(UUID endpoint, UUID message) {}

    ResponseEntity<Delivery> replay(Caller caller, Owner owner, @Nullable String key, Sent sent) {
        UUID found = endpoints.get(owner.tenant(), sent.endpoint()).id();
        UUID message = sent.message();
        return idempotency.once(caller, key, post(owner, found, message + "/replay"), "", Delivery.class, () -> {
            deliveries.get(found, message);
            deliveries.replay(found, message);
            return ResponseEntity.status(HttpStatus.ACCEPTED).body(deliveries.get(found, message));
        });
    }
}
