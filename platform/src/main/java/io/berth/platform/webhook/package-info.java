// SPDX-License-Identifier: Apache-2.0
/** Tells systems of others what happens: signed, tried again, and never sent into the operator's own network. */
@NullMarked
package io.berth.platform.webhook;

import org.jspecify.annotations.NullMarked;
