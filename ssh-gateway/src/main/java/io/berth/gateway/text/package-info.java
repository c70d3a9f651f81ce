// SPDX-License-Identifier: Apache-2.0
/** Text from outside, made fit for logs and terminals. */
@NullMarked
package io.berth.gateway.text;

import org.jspecify.annotations.NullMarked;
