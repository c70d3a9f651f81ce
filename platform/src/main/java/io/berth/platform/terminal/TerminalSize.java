// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.terminal;

import io.berth.platform.problem.ProblemException;

/** A terminal's size in characters. */
record TerminalSize(int columns, int rows) {
    /** Wider and higher than any screen; programs allocate by it. */
    static final int MOST = 1000;

    /** @throws ProblemException naming the field that is out of range */
    TerminalSize {
        check("columns", columns);
        check("rows", rows);
    }

    /** As near as it can be: a window that is being hidden tells sizes of none. */
    static TerminalSize nearest(int columns, int rows) {
        return new TerminalSize(Math.clamp(columns, 1, MOST), Math.clamp(rows, 1, MOST));
    }

    private static void check(String field, int value) {
        if (value < 1 || value > MOST) {
            throw ProblemException.field(field, field + ": choose 1 to " + MOST);
        }
    }
}
