// SPDX-License-Identifier: Apache-2.0
/** Where SSH leads without a container: a command line with REST's verbs. */
@NullMarked
package io.berth.gateway.lobby;

import org.jspecify.annotations.NullMarked;
