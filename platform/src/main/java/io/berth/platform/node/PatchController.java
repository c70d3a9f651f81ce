// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.node;

import io.berth.platform.paging.Page;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

/** Virtual patches over REST, for operators: one call takes a system call from every container of every node. */
@Tag(name = "patches")
@RestController
@RequestMapping("/api/v1/patches")
class PatchController {
    private static final Logger LOG = LoggerFactory.getLogger(PatchController.class);

    private final VirtualPatches patches;
    private final PatchRollout rollout;
    private final PatchCoverages coverages;

    PatchController(VirtualPatches patches, PatchRollout rollout, PatchCoverages coverages) {
        this.patches = patches;
        this.rollout = rollout;
        this.coverages = coverages;
    }

    record NewPatch(
            @NotNull
            @Pattern(regexp = PlainLine.FORM, message = PlainLine.WISH)
            @Schema(description = "one line of at most 200 characters", example = "CVE-2026-12345")
            String reason) {}

    @GetMapping
    Page<VirtualPatch> list(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(defaultValue = "") String cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        caller.requireOperator(OperatorPower.LOOK);
        return Page.of(patches.list(cursor, limit), limit, VirtualPatch::call);
    }

    @GetMapping("/{call}")
    VirtualPatch get(@AuthenticationPrincipal Caller caller, @PathVariable String call) {
        caller.requireOperator(OperatorPower.LOOK);
        return find(call);
    }

    /** Which containers go without the call, and since when. */
    @GetMapping("/{call}/coverage")
    Page<PatchCoverages.Covered> coverage(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String call,
            @RequestParam(required = false) @Nullable UUID cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        caller.requireOperator(OperatorPower.LOOK);
        return Page.of(
                coverages.of(find(call), cursor, limit),
                limit,
                covered -> covered.container().toString());
    }

    /** Denies the call; the answer says when that takes effect. Again changes the reason only. */
    @PutMapping("/{call}")
    VirtualPatch put(
            @AuthenticationPrincipal Caller caller, @PathVariable String call, @Valid @RequestBody NewPatch body) {
        caller.requireOperator();
        boolean isNew = patches.add(CallName.checked("call", call), body.reason(), caller.userId());
        rollout.roll();
        VirtualPatch patch = find(call);
        String trouble = patch.nodes().getFirst().trouble();
        if (isNew && trouble != null) {
            patches.remove(call, caller.userId());
            rollout.roll();
            throw ProblemException.field("call", trouble);
        }
        LOG.info("virtual patch call={} by={} reason=\"{}\"", call, caller.userName(), body.reason());
        return patch;
    }

    /** Allows the call again, in the same order: logins at once, a container's init from its next start on. */
    @DeleteMapping("/{call}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@AuthenticationPrincipal Caller caller, @PathVariable String call) {
        caller.requireOperator();
        if (!patches.remove(call, caller.userId())) {
            throw ProblemException.notFound("virtual patch", call);
        }
        LOG.info("virtual patch withdrawn call={} by={}", call, caller.userName());
        rollout.roll();
    }

    private VirtualPatch find(String call) {
        return patches.find(call).orElseThrow(() -> ProblemException.notFound("virtual patch", call));
    }
}
