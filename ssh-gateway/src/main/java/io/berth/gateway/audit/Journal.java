// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.audit;

/** Where events go. */
@FunctionalInterface
public interface Journal {
    /** Takes no time that a login would notice, and never fails. */
    void note(AuditEvent event);
}
