// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

/** What was typed stands for no container, or for several. */
final class NoSuchContainerException extends RuntimeException {
    NoSuchContainerException(String message) {
        super(message);
    }
}
