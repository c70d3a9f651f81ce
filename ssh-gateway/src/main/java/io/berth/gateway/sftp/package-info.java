// SPDX-License-Identifier: Apache-2.0
/** What is done over SFTP, for the audit: read off the stream on its way past, and never in its way. */
@NullMarked
package io.berth.gateway.sftp;

import org.jspecify.annotations.NullMarked;
