// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.event;

import java.util.Collection;
import java.util.Map;

/** Knows the resources of one kind. */
public interface EventSource {
    EventKind kind();

    /**
     * Each as GET would show it now, by the name that it has in the outbox; what is gone as far as it is still known. One that nothing is
     * known of any more is left out.
     */
    Map<String, Object> load(Collection<String> names);
}
