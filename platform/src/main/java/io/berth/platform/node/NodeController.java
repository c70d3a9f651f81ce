// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.node;

import io.berth.platform.paging.Page;
import io.berth.platform.security.Caller;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Nodes over REST, for operators. */
@Tag(name = "nodes")
@RestController
@RequestMapping("/api/v1/nodes")
class NodeController {
    private final Nodes nodes;

    NodeController(Nodes nodes) {
        this.nodes = nodes;
    }

    @GetMapping
    Page<Nodes.Node> list(@AuthenticationPrincipal Caller caller) {
        caller.requireOperator();
        return new Page<>(nodes.list(), null);
    }
}
