// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * What a file was when it was looked at: whoever changes it, by a rename as the shadow tools do or in place, changes this.
 *
 * @param key device and inode; null when there is no file
 */
record FileStamp(@Nullable Object key, FileTime modified, long bytes) {
    private static final FileStamp NONE = new FileStamp(null, FileTime.fromMillis(0), 0);

    static FileStamp of(Path file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(found.fileKey(), found.lastModifiedTime(), found.size());
        } catch (NoSuchFileException _) {
            return NONE;
        } catch (IOException e) {
            throw new UncheckedIOException("looking at " + file, e);
        }
    }
}
