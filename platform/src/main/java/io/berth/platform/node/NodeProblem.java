// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.node;

import io.berth.core.client.AgentException;
import io.berth.core.protocol.Refusal;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;

/** What a node's refusal is as a problem. */
public final class NodeProblem {
    private NodeProblem() {}

    public static ProblemException of(AgentException e) {
        return new ProblemException(kind(e.refusal()), String.valueOf(e.getMessage()));
    }

    private static ProblemKind kind(Refusal refusal) {
        return switch (refusal) {
            case INVALID -> ProblemKind.NODE_INVALID;
            case FORBIDDEN -> ProblemKind.NODE_FORBIDDEN;
            case NOT_FOUND -> ProblemKind.NODE_NOT_FOUND;
            case CONFLICT -> ProblemKind.NODE_CONFLICT;
            case EXHAUSTED -> ProblemKind.NODE_EXHAUSTED;
            case TOO_MANY -> ProblemKind.NODE_TOO_MANY;
            case UNSUPPORTED -> ProblemKind.NODE_UNSUPPORTED;
            case FAILED -> ProblemKind.NODE_FAILED;
        };
    }
}
