// SPDX-License-Identifier: Apache-2.0
/** What tests share: a real PostgreSQL, a platform in this process, an agent that records what it is asked. */
@NullMarked
package io.berth.platform.testing;

import org.jspecify.annotations.NullMarked;
