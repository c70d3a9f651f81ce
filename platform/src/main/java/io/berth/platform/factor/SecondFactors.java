// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.factor;

import io.berth.platform.security.SecondProof;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Whether an account has a second factor, and whether what is shown is it. */
@Component
public class SecondFactors {
    private final Totps totps;
    private final RecoveryCodes recoveryCodes;

    SecondFactors(Totps totps, RecoveryCodes recoveryCodes) {
        this.totps = totps;
        this.recoveryCodes = recoveryCodes;
    }

    public boolean has(UUID userId) {
        return totps.confirmedAt(userId).isPresent();
    }

    /** Takes it: neither a code nor a recovery code is right twice. */
    public boolean take(UUID userId, SecondProof proof) {
        String code = proof.code();
        String recoveryCode = proof.recoveryCode();
        if (code != null) {
            return totps.take(userId, code);
        }
        return recoveryCode != null && recoveryCodes.take(userId, recoveryCode);
    }

    /** For whoever has lost them all. */
    @Transactional
    public void clear(UUID userId) {
        totps.remove(userId);
        recoveryCodes.clear(userId);
    }
}
