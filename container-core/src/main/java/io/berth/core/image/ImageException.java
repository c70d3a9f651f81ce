// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import org.jspecify.annotations.Nullable;

/** The store could not do it; the message is fit for the operator: what was wrong, and the cure. */
public abstract sealed class ImageException extends RuntimeException {
    private ImageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** No such image, or no definition to build one from. */
    public static final class Unknown extends ImageException {
        Unknown(String message) {
            super(message, null);
        }
    }

    /** Containers stand on it. */
    public static final class InUse extends ImageException {
        InUse(String message) {
            super(message, null);
        }
    }

    /** The host lacks a program or a key ring. */
    public static final class MissingTool extends ImageException {
        MissingTool(String message) {
            super(message, null);
        }
    }

    /** What was brought can't become an image; nothing of it is left. */
    public static final class Refused extends ImageException {
        Refused(String message) {
            super(message, null);
        }
    }

    /** A build ended without an image; nothing of it is left. */
    public static final class BuildFailed extends ImageException {
        BuildFailed(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
