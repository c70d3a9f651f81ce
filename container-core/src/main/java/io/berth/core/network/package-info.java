// SPDX-License-Identifier: Apache-2.0
/** The node's one bridge: isolated ports, addresses that containers keep, translation to the outside, and who may send what. */
@NullMarked
package io.berth.core.network;

import org.jspecify.annotations.NullMarked;
