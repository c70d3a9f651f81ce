// SPDX-License-Identifier: Apache-2.0
/** Networks that the SSH gateways take no connection from, by an operator's order. */
@NullMarked
package io.berth.platform.sshban;

import org.jspecify.annotations.NullMarked;
