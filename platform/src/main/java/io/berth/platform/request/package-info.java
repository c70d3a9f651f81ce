// SPDX-License-Identifier: Apache-2.0
/** What a request may hold at all: nothing that its handler does not name. */
@NullMarked
package io.berth.platform.request;

import org.jspecify.annotations.NullMarked;
