// SPDX-License-Identifier: Apache-2.0
package io.berth.core.seccomp;

import io.berth.core.seccomp.Verdict.Denied;
import io.berth.core.seccomp.Verdict.Emulate;

/**
 * One entry of a compiled policy: where the condition holds for one of these numbers, the filter returns the outcome.
 *
 * @param verdict what it means to whoever is notified
 */
record Case(Numbers numbers, Condition when, Instruction outcome, Verdict verdict) {
    /** @param supervised whether somebody listens */
    static Case of(Rule rule, boolean supervised) {
        boolean told = supervised && rule.answer() == Rule.Answer.NOTIFIED;
        return new Case(
                rule.numbers(),
                rule.when(),
                told ? Instruction.notifySupervisor() : Instruction.fail(rule.errno()),
                new Denied(rule.call(), rule.errno(), rule.reason()));
    }

    static Case of(Emulated emulated) {
        return new Case(emulated.numbers(), emulated.when(), Instruction.notifySupervisor(), new Emulate(emulated));
    }
}
