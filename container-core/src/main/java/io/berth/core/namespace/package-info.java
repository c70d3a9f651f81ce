// SPDX-License-Identifier: Apache-2.0
/** The namespaces that a container consists of, and the steps that make or join them. */
@NullMarked
package io.berth.core.namespace;

import org.jspecify.annotations.NullMarked;
