// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.operation;

/** What an operation works on. */
public enum TargetType {
    CONTAINER,
    IMAGE,
    VOLUME
}
