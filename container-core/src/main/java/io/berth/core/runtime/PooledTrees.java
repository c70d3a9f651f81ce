// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.image.ImageTrees;
import io.berth.core.linux.Fd;
import io.berth.core.spec.ImageId;
import io.berth.core.storage.StorageDriver;
import java.nio.file.Path;
import java.util.List;

/** Images' trees lie in the storage pool. */
public record PooledTrees(StorageDriver storage) implements ImageTrees {
    @Override
    public Fd newTree(String name) {
        return storage.newTree(name);
    }

    @Override
    public void keepTree(String name, ImageId id) {
        storage.keepTree(name, id);
    }

    @Override
    public void discardTree(String name) {
        storage.discardTree(name);
    }

    @Override
    public Fd openImage(ImageId id) {
        return storage.openImage(id);
    }

    @Override
    public List<ImageId> images() {
        return storage.images();
    }

    @Override
    public void deleteImage(ImageId id) {
        storage.deleteImage(id);
    }

    @Override
    public Path metadataDirectory() {
        return storage.metadataDirectory();
    }
}
