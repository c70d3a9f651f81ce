// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import io.berth.core.linux.Fd;
import io.berth.core.spec.ImageOrigin;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How an image is made. */
interface ImageDefinition {
    /**
     * Fills an empty tree.
     *
     * @param progress told a line at a time
     * @throws ImageException when it can't be done
     */
    void build(Fd tree, Consumer<String> progress);

    /** Where it was brought from; null for what is built here. */
    default @Nullable ImageOrigin origin() {
        return null;
    }
}
