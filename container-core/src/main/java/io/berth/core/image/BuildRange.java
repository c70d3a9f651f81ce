// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import io.berth.core.linux.Fd;

/** 65,536 ids of the host, lent to one build, so that no package's script runs as the host's root. */
public interface BuildRange extends AutoCloseable {
    /** A user namespace that maps 0 to 65535 to the range. */
    Fd userNamespace();

    /** Gives the range back. */
    @Override
    void close();
}
