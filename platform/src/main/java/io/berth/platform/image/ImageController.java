// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.image;

import io.berth.core.spec.ImageAlias;
import io.berth.platform.idempotency.Idempotency;
import io.berth.platform.operation.Operation;
import io.berth.platform.operation.OperationKind;
import io.berth.platform.operation.OperationRequest;
import io.berth.platform.operation.Operations;
import io.berth.platform.operation.TargetType;
import io.berth.platform.paging.Page;
import io.berth.platform.security.Caller;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Images over REST. */
@Tag(name = "images")
@RestController
@RequestMapping("/api/v1/images")
class ImageController {
    private final Images images;
    private final Operations operations;
    private final Idempotency idempotency;

    ImageController(Images images, Operations operations, Idempotency idempotency) {
        this.images = images;
        this.operations = operations;
        this.idempotency = idempotency;
    }

    record NewImage(
            @NotNull @Schema(example = "debian/bookworm") String alias) {}

    @GetMapping
    Page<Image> list() {
        return new Page<>(images.list(), null);
    }

    /** Asking again while it builds gives the same operation. */
    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> build(
            @AuthenticationPrincipal Caller caller,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewImage body) {
        caller.requireOperator();
        String alias = new ImageAlias(body.alias()).value();
        return idempotency.once(
                caller,
                key,
                "POST /images",
                body,
                Operation.class,
                () -> Operations.accepted(operations
                        .unfinished(OperationKind.IMAGE_BUILD, alias)
                        .orElseGet(() -> operations.submit(build(caller, alias)))));
    }

    private static OperationRequest build(Caller caller, String alias) {
        return new OperationRequest(
                OperationKind.IMAGE_BUILD,
                new Operation.Target(TargetType.IMAGE, alias, alias),
                null,
                caller.userId(),
                Map.of());
    }
}
