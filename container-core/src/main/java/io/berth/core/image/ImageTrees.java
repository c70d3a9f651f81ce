// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import io.berth.core.linux.Fd;
import io.berth.core.spec.ImageId;
import java.nio.file.Path;
import java.util.List;

/** Where images' file trees lie: what the store wants of a storage driver. */
public interface ImageTrees {
    /**
     * Makes an empty tree for a build.
     *
     * @return its root directory
     */
    Fd newTree(String name);

    /** The tree of a build becomes an image; one of the same content that is there already wins. */
    void keepTree(String name, ImageId id);

    void discardTree(String name);

    Fd openImage(ImageId id);

    /** Every tree that was kept. */
    List<ImageId> images();

    void deleteImage(ImageId id);

    /** An existing directory for the store's notes, out of everybody's reach. */
    Path metadataDirectory();
}
