// SPDX-License-Identifier: Apache-2.0
/** SSH keys: OpenSSH lines parsed and judged; a key says who the tenant is. */
@NullMarked
package io.berth.platform.sshkey;

import org.jspecify.annotations.NullMarked;
