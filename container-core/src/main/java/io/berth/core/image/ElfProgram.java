// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A 64-bit little-endian ELF file; see elf(5). */
final class ElfProgram {
    private static final int MAGIC = 0x464c457f;
    private static final int E_PHOFF = 32; // Elf64_Ehdr
    private static final int E_PHENTSIZE = 54;
    private static final int E_PHNUM = 56;
    private static final int PT_INTERP = 3;

    private final byte[] bytes;

    ElfProgram(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Needs an interpreter, that is, libraries; also true of what is no ELF file. */
    boolean isDynamic() {
        ByteBuffer elf = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < 64 || elf.getInt(0) != MAGIC) {
            return true;
        }
        for (int i = 0; i < elf.getShort(E_PHNUM); i++) {
            int header = (int) elf.getLong(E_PHOFF) + i * elf.getShort(E_PHENTSIZE);
            if (elf.getInt(header) == PT_INTERP) {
                return true;
            }
        }
        return false;
    }
}
