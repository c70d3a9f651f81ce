// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import io.berth.core.linux.Fd;
import java.util.function.Consumer;

/** How an image is made. */
interface ImageDefinition {
    /**
     * Fills an empty tree.
     *
     * @param progress told a line at a time
     * @throws ImageException when it can't be done
     */
    void build(Fd tree, Consumer<String> progress);
}
