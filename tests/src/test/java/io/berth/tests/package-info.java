// SPDX-License-Identifier: Apache-2.0
/** Whole-system tests: the launcher, real containers, OpenSSH's own client. */
@NullMarked
package io.berth.tests;

import org.jspecify.annotations.NullMarked;
