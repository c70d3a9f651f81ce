// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.operation;

/** Where an operation stands. */
public enum OperationState {
    PENDING,
    RUNNING,
    SUCCEEDED,
    FAILED,
    /** Something that came later made it pointless before it began. */
    CANCELLED;

    boolean isFinished() {
        return this == SUCCEEDED || this == FAILED || this == CANCELLED;
    }
}
