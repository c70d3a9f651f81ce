// SPDX-License-Identifier: Apache-2.0
/** What this host must have for Berth, each thing tried for real, and what of Berth is up. */
@NullMarked
package io.berth.core.doctor;

import org.jspecify.annotations.NullMarked;
