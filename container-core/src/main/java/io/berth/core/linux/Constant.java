// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/**
 * A named number of the kernel's interface. Enums rather than {@code static final int}: messages and printed plans show the name,
 * and javac can't inline it past the package's border.
 */
public interface Constant {
    long value();

    /** The C name. */
    String name();
}
