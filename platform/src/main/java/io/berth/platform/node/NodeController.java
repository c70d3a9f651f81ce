// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.node;

import io.berth.platform.paging.Page;
import io.berth.platform.security.Caller;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
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

    NodeController(Nodes nodes, IdRanges idRanges) {
        this.nodes = nodes;
        this.idRanges = idRanges;
    }

    @GetMapping
    Page<Nodes.Node> list(@AuthenticationPrincipal Caller caller) {
        caller.requireOperator();
        return new Page<>(nodes.list(), null);
    }

    /** Ranges of the host's uids and gids that containers have or had, or that somebody else on the host has ids of. */
    @GetMapping("/{node}/id-ranges")
    Page<IdRanges.IdRange> idRanges(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String node,
            @RequestParam(defaultValue = "0") @Min(0) @Max(LAST_ID) long cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        caller.requireOperator();
        return Page.of(idRanges.list(node, cursor, limit), limit, range -> Long.toString(range.start()));
    }
}
