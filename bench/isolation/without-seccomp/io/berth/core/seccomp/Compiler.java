// SPDX-License-Identifier: Apache-2.0
package io.berth.core.seccomp;

import java.util.List;

/** In the place of the real one: a filter that allows everything, with one instruction. */
final class Compiler {
    /** @param cases none of which counts */
    Compiler(List<Case> cases) {}

    List<Instruction> compile(List<Abi> abis) {
        return List.of(Instruction.allow());
    }
}
