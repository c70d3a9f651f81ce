// SPDX-License-Identifier: Apache-2.0
/** What a login may be used for: the options of a key in OpenSSH's authorized_keys, as typed data that platform and gateway share. */
@NullMarked
package io.berth.core.access;

import org.jspecify.annotations.NullMarked;
