// SPDX-License-Identifier: Apache-2.0
/** What happened over SSH, kept on disk until the platform has it. */
@NullMarked
package io.berth.gateway.audit;

import org.jspecify.annotations.NullMarked;
