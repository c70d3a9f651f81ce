// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.idmap.UidLedger;
import io.berth.core.idmap.UserNamespace;
import io.berth.core.image.BuildRange;
import io.berth.core.linux.Fd;
import io.berth.core.plan.Spawner;

/**
 * A uid range for the time that an image is built: its package scripts run as nobody that exists elsewhere.
 *
 * @param start first id of the range
 */
record Borrowed(UidLedger ledger, long start, Fd userNamespace) implements BuildRange {
    static Borrowed range(UidLedger ledger, Spawner spawner) {
        long start = ledger.allocate(null);
        try {
            return new Borrowed(ledger, start, UserNamespace.create(spawner, start));
        } catch (RuntimeException e) {
            ledger.release(start);
            throw e;
        }
    }

    @Override
    public void close() {
        userNamespace.close();
        ledger.release(start);
    }
}
