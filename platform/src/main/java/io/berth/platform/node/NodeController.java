// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.node;

import io.berth.core.protocol.HostFinding;
import io.berth.platform.paging.Page;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Nodes over REST, for operators. */
@Tag(name = "nodes")
@RestController
@RequestMapping("/api/v1/nodes")
class NodeController {
    private static final long LAST_ID = 0xffff_fffeL; // (uid_t) -1 is no id, see setresuid(2)

    private final Nodes nodes;
    private final IdRanges idRanges;
    private final HostLooks looks;

    NodeController(Nodes nodes, IdRanges idRanges, HostLooks looks) {
        this.looks = looks;
        this.nodes = nodes;
        this.idRanges = idRanges;
    }

    @GetMapping
    Page<Nodes.Node> list(@AuthenticationPrincipal Caller caller) {
        caller.requireOperator(OperatorPower.LOOK);
        return new Page<>(nodes.list(), null);
    }

    @GetMapping("/{node}")
    Nodes.Node get(@AuthenticationPrincipal Caller caller, @PathVariable String node) {
        caller.requireOperator(OperatorPower.LOOK);
        return find(node);
    }

    /** Whether its host will do: everything that Berth needs of it, tried for real, as by berth doctor. Takes seconds; kept for half a minute. */
    @GetMapping("/{node}/findings")
    Page<Finding> findings(@AuthenticationPrincipal Caller caller, @PathVariable String node) {
        caller.requireOperator(OperatorPower.LOOK);
        find(node);
        HostLooks.Examination examination = looks.examine();
        return new Page<>(
                examination.findings().stream()
                        .map(finding -> Finding.of(finding, examination.at()))
                        .toList(),
                null);
    }

    private Nodes.Node find(String name) {
        return nodes.find(name).orElseThrow(() -> ProblemException.notFound("node", name));
    }

    /** What one look at the host found. */
    @Schema(name = "HostFinding")
    record Finding(
            String check,
            HostFinding.State state,
            String found,

            @Schema(description = "what to do, null unless missing") @Nullable
            String cure,

            Instant at) {
        static Finding of(HostFinding finding, Instant at) {
            return new Finding(finding.check(), finding.state(), finding.found(), finding.cure(), at);
        }
    }

    /** Ranges of the host's uids and gids that containers have or had, or that somebody else on the host has ids of. */
    @GetMapping("/{node}/id-ranges")
    Page<IdRanges.IdRange> idRanges(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String node,
            @RequestParam(defaultValue = "0") @Min(0) @Max(LAST_ID) long cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        caller.requireOperator(OperatorPower.LOOK);
        return Page.of(idRanges.list(node, cursor, limit), limit, range -> Long.toString(range.start()));
    }
}
