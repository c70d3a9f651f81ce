// SPDX-License-Identifier: Apache-2.0
/** What is done to the database beside the platform, from the command line: backup, restore, verifying the audit trail. */
@NullMarked
package io.berth.platform.maintenance;

import org.jspecify.annotations.NullMarked;
