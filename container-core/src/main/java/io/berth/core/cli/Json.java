// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.protocol.Wire;
import java.io.PrintWriter;

/** Answers for programs. */
final class Json {
    private Json() {}

    static void print(PrintWriter out, Object value) {
        out.println(Wire.json().writerWithDefaultPrettyPrinter().writeValueAsString(value));
        out.flush();
    }
}
