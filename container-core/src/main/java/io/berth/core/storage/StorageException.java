// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import org.jspecify.annotations.Nullable;

/** The pool could not do it; the message is fit for the operator: what was wrong, and the cure. */
public sealed class StorageException extends RuntimeException {
    StorageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The kernel or the host lacks something; the message names it. */
    public static final class MissingFeature extends StorageException {
        MissingFeature(String feature, String cure, @Nullable Throwable cause) {
            super(feature + "; " + cure, cause);
        }
    }

    /** No room is left; nothing half-made stayed behind. */
    public static final class PoolFull extends StorageException {
        PoolFull(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The pool holds no such tree. */
    public static final class NoSuchTree extends StorageException {
        NoSuchTree(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** A tree can't be copied as it is; the message says what about it. */
    public static final class NoCopy extends StorageException {
        NoCopy(String reason) {
            super("the container's files can't be copied: " + reason, null);
        }
    }
}
