// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.gateway.audit.AuditEvent;
import io.berth.gateway.audit.AuditEvent.Kind;
import io.berth.gateway.audit.AuditEvent.Outcome;
import io.berth.gateway.audit.AuditEvent.Where;
import io.berth.gateway.audit.AuditEvent.Who;
import io.berth.gateway.audit.Journal;
import io.berth.gateway.recording.Recordings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What is known, and kept, of those who are here.
 *
 * @param sessions that are open
 * @param journal for the platform
 * @param recordings of their terminals
 * @param log for the operator
 */
record Watch(LiveSessions sessions, Journal journal, Recordings recordings, Logger log) {
    void note(Kind kind, Outcome outcome, Who who, Where where, @Nullable String what) {
        journal.note(AuditEvent.of(kind, outcome, who, where, what));
    }

    static Who who(Login login, @Nullable String tenant) {
        return new Who(
                tenant,
                login.fingerprint(),
                login.request().userName(),
                login.request().sourceAddress());
    }
}
