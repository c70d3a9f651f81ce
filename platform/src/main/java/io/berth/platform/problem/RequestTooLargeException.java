// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.problem;

import java.io.IOException;

/** More bytes came than a request may have; an IOException so that it passes through every reader of the body. */
public final class RequestTooLargeException extends IOException {
    public RequestTooLargeException(long mostBytes) {
        super("the body has more than " + mostBytes + " bytes; send less");
    }

    public Problem problem() {
        return Problem.of(ProblemKind.TOO_LARGE, String.valueOf(getMessage()));
    }
}
